import { startWorker } from "../../worker/main";
import { WorkerOptions } from "../child-options";
import { runChild } from "../run-child";

void runChild("worker", WorkerOptions, startWorker);
