import { startDemo } from "../../demo/main";
import { DemoOptions } from "../../demo/options";
import { runChild } from "../run-child";

void runChild("demo", DemoOptions, startDemo);
