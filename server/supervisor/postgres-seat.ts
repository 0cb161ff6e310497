import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { VaneError } from "../platform/errors";
import { copyBinaries, packagedPostgres } from "./postgres-binaries";

/** Where a Postgres of ours lives, and as whom. */
export interface PostgresSeat {
  readonly folder: string;
  readonly binaries: string;
  /** Undefined: as ourselves. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
}

/** Postgres refuses to run as root. It gets a user of its own there, and binaries that this user can reach. */
export function preparePostgresSeat(folder: string): PostgresSeat {
  const packaged = packagedPostgres();
  mkdirSync(folder, { recursive: true });
  if (process.getuid?.() !== 0) {
    chmodSync(folder, 0o700);
    return { folder, binaries: packaged.folder, user: undefined };
  }

  const user = lookUpUser() ?? makeUser();
  const binaries = join(folder, `postgres-${packaged.version}`);
  if (!existsSync(binaries)) {
    const half = `${binaries}.${process.pid}`;
    copyBinaries(packaged, half);
    // Whatever the umask under which npm wrote them, their owner may read them.
    execFileSync("chown", ["-R", `${user.uid}:${user.gid}`, half]);
    // Whoever was quicker made the same copy.
    if (existsSync(binaries)) rmSync(half, { recursive: true });
    else renameSync(half, binaries);
  }
  chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  return { folder, binaries, user };
}

/** `postgres` may be there, too, but it may own the data of the machine's own server. */
const USER = "vane";

function lookUpUser() {
  try {
    const id = (flag: string) =>
      Number(execFileSync("id", [flag, USER], { stdio: ["ignore", "pipe", "ignore"] }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return undefined;
  }
}

/** These commands live where the PATH of a service, a cron job or a container's shell often does not look. */
const SYSTEM_PATH = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin";

function makeUser() {
  const ways = [
    ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", USER],
    ["adduser", "-S", "-D", "-H", USER],
  ] as const;
  for (const [command, ...args] of ways) {
    try {
      execFileSync(command, args, { stdio: "ignore", env: { PATH: SYSTEM_PATH } });
    } catch {
      // The other way, or another process made the user meanwhile.
    }
    const user = lookUpUser();
    if (user) return user;
  }
  throw new VaneError(
    "database.unavailable",
    `Postgres does not run as root, and the user "${USER}" could not be made for it. ` +
      `Make one ("useradd --system ${USER}"), start Vane as another user, or set DATABASE_URL.`,
  );
}
