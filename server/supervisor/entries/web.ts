import { WebOptions } from "../child-options";
import { startWeb } from "../../web/main";
import { runChild } from "../run-child";

void runChild("web", WebOptions, startWeb);
