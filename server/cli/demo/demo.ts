import type { Command } from "commander";
import type { Cli } from "../cli";
import { addDemoCheck } from "./check";
import { addDemoMessages } from "./messages";

export function addDemo(program: Command, cli: Cli): void {
  const demo = program
    .command("demo")
    .description("The demo of `--demo`: its messages, and whether it does what it should");
  addDemoMessages(demo, cli);
  addDemoCheck(demo, cli);
}
