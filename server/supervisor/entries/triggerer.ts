import { TriggererOptions } from "../child-options";
import { startTriggerer } from "../../triggerer/main";
import { runChild } from "../run-child";

void runChild("triggerer", TriggererOptions, startTriggerer);
