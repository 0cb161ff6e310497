import type { Command } from "commander";
import type { Cli } from "../cli";
import { addUsersCreate } from "./create";
import { addUsersList } from "./list";
import { addUsersResetPassword } from "./reset-password";

export function addUsers(program: Command, cli: Cli): void {
  const users = program.command("users").description("Who may sign in: create, reset-password, list");
  addUsersCreate(users, cli);
  addUsersResetPassword(users, cli);
  addUsersList(users, cli);
}
