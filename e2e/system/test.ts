import { expect, test as base, type BrowserContext } from "@playwright/test";
import type { Role } from "../../server/auth/permissions";
import { createAccount, signIn, type Account } from "./accounts";
import { DAGS } from "./dags";
import { startSystem, type System } from "./start-system";
import { watchPages } from "./watch-pages";

type StorageState = Awaited<ReturnType<BrowserContext["storageState"]>>;

interface Workers {
  /** No admin, no DAG: as a newcomer finds it. */
  readonly untouched: boolean;
  readonly vane: System;
  /** Made when it is first asked for. */
  readonly accountOf: (role: Role) => Promise<Account>;
  readonly sessionOf: (role: Role) => Promise<StorageState>;
}

interface Tests {
  /** Who looks; undefined: somebody who has not signed in. */
  readonly role: Role | undefined;
  /** What pages did that they never should. A test that provokes it takes it out. */
  readonly watched: string[];
}

export const test = base.extend<Tests, Workers>({
  // A worker has one value of it, so that others get a Vane of their own.
  untouched: [false, { option: true, scope: "worker" }],
  vane: [
    async ({ untouched }, use) => {
      const system = await startSystem(untouched ? {} : DAGS);
      if (!untouched) await createAccount(system, "admin");
      await use(system);
      await system.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  accountOf: [
    async ({ vane }, use) => {
      const made = new Map<Role, Promise<Account>>();
      await use((role) => remembered(made, role, () => createAccount(vane, role)));
    },
    { scope: "worker" },
  ],
  sessionOf: [
    async ({ vane, accountOf }, use) => {
      const made = new Map<Role, Promise<StorageState>>();
      await use((role) =>
        remembered(made, role, async () => {
          const client = await signIn(vane, await accountOf(role));
          const state = await client.storageState();
          await client.dispose();
          return state;
        }),
      );
    },
    { scope: "worker" },
  ],
  role: [undefined, { option: true }],
  baseURL: async ({ vane }, use) => {
    await use(vane.url);
  },
  storageState: async ({ role, sessionOf }, use) => {
    await use(role && (await sessionOf(role)));
  },
  watched: [
    async ({ context }, use) => {
      const seen = watchPages(context);
      await use(seen);
      expect(seen, "a page broke its content security policy, or threw").toEqual([]);
    },
    { auto: true },
  ],
});

function remembered<Key, Value>(made: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = made.get(key) ?? make();
  made.set(key, value);
  return value;
}
