import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { isProvenGone, ownIdentity, pidStart } from "../platform/process-identity";

/*
 * One supervisor a folder. Node has no flock, so the lock is a file that says who holds it, and the proof of life is
 * the process table; where that proves nothing (another container, no /proc), it is the file's time, which a holder
 * renews every 2 s. The watcher compares it with itself only, never with a clock.
 */
const RENEW_MS = 2_000;
const WATCH_MS = 3 * RENEW_MS;

const Holder = z.object({
  host: z.string(),
  bootId: z.string(),
  pidNamespace: z.string(),
  pid: z.int(),
  pidStart: z.string(),
});
type Holder = z.infer<typeof Holder>;

export type LockOutcome =
  { readonly kind: "held"; readonly release: () => void } | { readonly kind: "busy"; readonly pid: number };

export async function lockFolder(folder: string): Promise<LockOutcome> {
  const lock = join(folder, "lock");
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(ownIdentity()), { mode: 0o600 });
  try {
    for (;;) {
      if (tryLink(mine, lock)) return hold(lock);
      const seen = read(lock);
      if (seen && (await isAlive(lock, seen))) return { kind: "busy", pid: seen.pid };
      takeAway(lock, seen, mine);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

function hold(lock: string): LockOutcome {
  const renewal = setInterval(() => {
    utimesSync(lock, new Date(), new Date());
  }, RENEW_MS);
  renewal.unref();
  return {
    kind: "held",
    release() {
      clearInterval(renewal);
      rmSync(lock, { force: true });
    },
  };
}

async function isAlive(lock: string, holder: Holder): Promise<boolean> {
  if (isProvenGone(holder)) return false;
  const { bootId, pidNamespace } = ownIdentity();
  const sameTable = bootId !== "" && bootId === holder.bootId && pidNamespace === holder.pidNamespace;
  if (sameTable && pidStart(holder.pid) === holder.pidStart) return true;
  const before = timeOf(lock);
  await wait(WATCH_MS);
  return timeOf(lock) !== before;
}

/** Only the one that was found dead: somebody may have been quicker and be alive. */
function takeAway(lock: string, dead: Holder | undefined, mine: string) {
  const taken = `${mine}.old`;
  try {
    renameSync(lock, taken);
  } catch {
    return;
  }
  const found = read(taken);
  const isTheDead = found?.pid === dead?.pid && found?.pidStart === dead?.pidStart;
  if (!isTheDead) tryLink(taken, lock);
  rmSync(taken, { force: true });
}

function tryLink(from: string, to: string) {
  try {
    linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}

function read(file: string): Holder | undefined {
  try {
    return Holder.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
  } catch {
    return undefined;
  }
}

function timeOf(file: string) {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
}
