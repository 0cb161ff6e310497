import { startLoader } from "../../loader/main";
import { LoaderOptions } from "../child-options";
import { runChild } from "../run-child";

void runChild("loader", LoaderOptions, startLoader);
