import { createHash, createHmac } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { preparePostgresSeat, type PostgresSeat } from "./postgres-seat";

/** Outside the clone, which may lie below a folder that only root may enter. */
const ROOTS_FOLDER = "/var/lib/vane";

/** Where the embedded Postgres of a home lives: in it, or, for root, in a folder that its own user may enter. */
export function postgresFolder(home: string): string {
  if (process.getuid?.() !== 0) return join(home, "postgres");
  return join(ROOTS_FOLDER, createHash("sha256").update(realpathSync(home)).digest("hex").slice(0, 16));
}

interface Home {
  readonly folder: string;
  readonly installKey: string;
}

export interface PostgresPlace {
  readonly seat: PostgresSeat;
  readonly password: string;
  /** Where a database went that belonged to an earlier home in the same folder. */
  readonly setAside: string | undefined;
}

export function preparePostgresPlace({ folder: home, installKey }: Home): PostgresPlace {
  const folder = postgresFolder(home);
  const owner = createHash("sha256").update(`postgres of ${installKey}`).digest("hex").slice(0, 16);
  const ownerFile = join(folder, "home");
  let setAside: string | undefined;
  if (existsSync(ownerFile) && readFileSync(ownerFile, "utf8") !== owner) {
    // Somebody removed .vane to start anew, and for root the database does not lie in there.
    setAside = `${folder}.${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
    renameSync(folder, setAside);
  }
  if (folder.startsWith(ROOTS_FOLDER)) openWay();
  const seat = preparePostgresSeat(folder);
  writeFileSync(ownerFile, owner);
  // Nothing to keep and nothing to lose: who has the key has the password.
  const password = createHmac("sha256", installKey).update("embedded postgres").digest("base64url");
  return { seat, password, setAside };
}

/** Its user passes through and sees nothing, whatever our umask. */
function openWay() {
  mkdirSync(ROOTS_FOLDER, { recursive: true });
  chmodSync(ROOTS_FOLDER, 0o711);
}
