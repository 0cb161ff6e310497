import { randomBytes } from "node:crypto";
import { expect, request, type APIRequestContext } from "@playwright/test";
import type { Role } from "../../server/auth/permissions";
import type { System } from "./start-system";

export interface Account {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly role: Role;
}

let made = 0;

/** As an admin makes it in a terminal. */
export async function createAccount({ vane }: System, role: Role, name: string = role): Promise<Account> {
  const email = `${role}-${++made}@example.com`;
  const password = randomBytes(12).toString("base64url");
  const words = ["users", "create", "--email", email, "--name", name, "--role", role, "--password-stdin"];
  const said = await vane(words, `${password}\n`);
  expect(said, said.err).toMatchObject({ exit: 0 });
  return { name, email, password, role };
}

/** A session, without the form. */
export async function signIn({ url }: System, { email, password }: Account): Promise<APIRequestContext> {
  const client = await request.newContext({ baseURL: url, extraHTTPHeaders: { origin: url } });
  const response = await client.post("/api/trpc/door.signIn", { data: { email, password } });
  expect(await response.json()).toEqual({ result: { data: { kind: "signed_in" } } });
  return client;
}
