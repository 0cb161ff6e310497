import { readConfig } from "../config/config";
import { version } from "../../package.json";
import { runCli } from "./run-cli";
import { processTerminal } from "./terminal";

void runCli(process.argv.slice(2), {
  terminal: processTerminal(),
  version,
  cwd: process.cwd(),
  homeOf: (project) => readConfig({ project }).home,
}).then((exitCode) => {
  // Not process.exit: what is on its way to a pipe would be lost.
  process.exitCode = exitCode;
});
