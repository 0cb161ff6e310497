import { userInfo } from "node:os";
import type { Client } from "pg";
import { answerTo, PATIENCE, type Patience } from "../commands/answer-to";
import { hear } from "../commands/hear";
import type { Door } from "../commands/request-command";
import { connectClient } from "../db/pool";
import type { Clock } from "../platform/clock";
import { VaneError } from "../platform/errors";
import type { System } from "./find-system";

/** A command's way to the running system. */
export interface Session {
  readonly system: System;
  readonly db: Client;
  readonly clock: Clock;
  readonly door: (patience?: Patience) => Door;
}

/** Whoever can read `.vane/run.json` owns this machine's Vane, and acts under the name the system knows. */
const principal = () => `cli:${userInfo().username}`;

export async function openSession(
  system: System,
  clock: Clock,
): Promise<Session & { close(): Promise<void> }> {
  const db = await connectClient(system.databaseUrl, { name: "cli" }).catch((cause: unknown) => {
    throw new VaneError(
      "system.not_running",
      `Vane in ${system.project} does not answer: its database is not reachable. If it is not starting just now, start it with \`npm start\`.`,
      { cause },
    );
  });
  return {
    system,
    db,
    clock,
    door: (patience = PATIENCE) => ({
      db,
      principal: principal(),
      answerTo: answerTo({ db, clock, hear: (wanted) => hear(db, clock, "vane_answer", wanted) }, patience),
    }),
    close: () => db.end(),
  };
}
