import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** In the environment of a runtime and so of all that it starts. */
export const MARK = "VANE_RUNTIME";

interface Family {
  /** The runtime's pid, which is its process group. */
  readonly group: number;
  /** Value of MARK. */
  readonly mark: string;
}

/**
 * Live processes of a runtime, itself included: its group, and those that left the group but still carry the mark.
 * Zombies count as gone. One that cleared its environment and left the group is not found.
 */
export function survivors({ group, mark }: Family): number[] {
  const wanted = `${MARK}=${mark}`;
  return numbersIn("/proc").filter((pid) => {
    const stat = textOf(`/proc/${pid}/stat`);
    if (stat === undefined) return false;
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || state === "X") return false;
    return (
      Number(processGroup) === group || textOf(`/proc/${pid}/environ`)?.split("\0").includes(wanted) === true
    );
  });
}

const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 100;

/** Kills until a look finds nobody. @param but the process that is asking, when it belongs to the family itself. */
export async function endFamily(family: Family, but?: number): Promise<void> {
  for (
    let pauseMs = FIRST_PAUSE_MS;
    killOnce(family, but) > 0;
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  ) {
    await sleep(pauseMs);
  }
}

/** One look at everybody whose mark begins so. True when nobody was there. */
export function killMarked(beginning: string): boolean {
  const found = numbersIn("/proc").filter((pid) =>
    textOf(`/proc/${pid}/environ`)?.includes(`${MARK}=${beginning}`),
  );
  for (const pid of found) kill(pid);
  return found.length === 0;
}

/** How many it found alive. */
export function killOnce(family: Family, but?: number): number {
  if (but === undefined) kill(-family.group);
  const found = survivors(family).filter((pid) => pid !== but);
  for (const pid of found) kill(pid);
  return found.length;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // gone meanwhile
  }
}

function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder).map(Number).filter(Number.isInteger);
  } catch {
    return []; // no /proc here: the group alone was killed
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return undefined;
  }
}
