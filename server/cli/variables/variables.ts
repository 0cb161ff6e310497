import type { Command } from "commander";
import type { Cli } from "../cli";
import { addVariablesDelete } from "./delete";
import { addVariablesGet } from "./get";
import { addVariablesList } from "./list";
import { addVariablesSet } from "./set";

export function addVariables(program: Command, cli: Cli): void {
  const variables = program
    .command("variables")
    .description("Settings that tasks ask for: set, get, list, delete");
  addVariablesSet(variables, cli);
  addVariablesGet(variables, cli);
  addVariablesList(variables, cli);
  addVariablesDelete(variables, cli);
}
