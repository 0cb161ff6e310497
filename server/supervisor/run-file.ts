import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { DEFAULT_RETENTION, Retention } from "../domain/retention";

/** What a running system says of itself, for `npx vane` and for the next start. Who reads it owns this Vane. */
export const RunFile = z.object({
  url: z.string(),
  databaseUrl: z.string(),
  runFolder: z.string(),
  keyFile: z.string(),
  pid: z.int(),
  pidStart: z.string(),
  retention: Retention.default(DEFAULT_RETENTION),
  /** Names behind VANE_CONN_ and VANE_VAR_ that its environment has; what they say stays with its scheduler. */
  environment: z.object({ connections: z.array(z.string()), variables: z.array(z.string()) }),
});
export type RunFile = z.infer<typeof RunFile>;

const pathIn = (home: string) => join(home, "run.json");

export function writeRunFile(home: string, content: RunFile): void {
  const half = `${pathIn(home)}.${process.pid}`;
  writeFileSync(half, JSON.stringify(content, undefined, 2), { mode: 0o600 });
  renameSync(half, pathIn(home));
}

export function readRunFile(home: string): RunFile | undefined {
  try {
    return RunFile.safeParse(JSON.parse(readFileSync(pathIn(home), "utf8"))).data;
  } catch {
    return undefined;
  }
}

export function removeRunFile(home: string): void {
  rmSync(pathIn(home), { force: true });
}
