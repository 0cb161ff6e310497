import { startScheduler } from "../../scheduler/main";
import { SchedulerOptions } from "../child-options";
import { runChild } from "../run-child";

void runChild("scheduler", SchedulerOptions, startScheduler);
