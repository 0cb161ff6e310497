/*
 * Which Chromium the tests drive: the one that is named, the system's, Playwright's own; none there: one is installed.
 * It decides only; what is there and what can be run is asked of the machine.
 */
export interface Machine {
  /** CHROMIUM_PATH. */
  readonly named: string | undefined;
  readonly isRoot: boolean;
  /** Where Playwright would have its own. */
  readonly playwrights: string;
  /** The whole path of a program, looked up as a shell does it; undefined: there is none. */
  readonly program: (nameOrPath: string) => string | undefined;
  /** Whether it ended well; what it says is shown as it comes. */
  readonly run: (command: string, args: readonly string[]) => boolean;
}

export type Browser =
  { readonly kind: "found"; readonly path: string } | { readonly kind: "missing"; readonly sentence: string };

const SYSTEM = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

const APT = "apt-get update && apt-get install -y chromium";

export function findBrowser(machine: Machine): Browser {
  const { named } = machine;
  if (named) {
    const path = machine.program(named);
    // Whoever names one wants that one: another would test something else.
    return path ? { kind: "found", path } : missing(`CHROMIUM_PATH is ${named}, which is no program.`);
  }
  const path = lookUp(machine) ?? (installs(machine) ? lookUp(machine) : undefined);
  if (path) return { kind: "found", path };
  return missing(
    `There is no Chromium to test with. Install one, as root with \`${APT}\`, or name yours in CHROMIUM_PATH.`,
  );
}

function lookUp(machine: Machine): string | undefined {
  for (const name of [...SYSTEM, machine.playwrights]) {
    const path = machine.program(name);
    if (path) return path;
  }
  return undefined;
}

function installs({ isRoot, program, run }: Machine): boolean {
  if (isRoot && program("apt-get")) {
    if (run("apt-get", ["update"]) && run("apt-get", ["install", "-y", "chromium"])) return true;
  }
  return run("npx", ["playwright", "install", "chromium"]);
}

const missing = (sentence: string): Browser => ({ kind: "missing", sentence });
