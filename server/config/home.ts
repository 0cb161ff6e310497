import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { VaneError } from "../platform/errors";
import { KeyRing, newSecretKey } from "../secrets/key-ring";

/** Of the folder's own layout; the database's is its migrations. */
const HOME_FORMAT = 1;

export interface Home {
  readonly folder: string;
  /** Hex. Proves a scheduler to a worker. Never passed to runtimes. */
  readonly installKey: string;
  /** Encrypts what is secret in the database. For schedulers and doors; never for workers. */
  readonly keys: KeyRing;
}

/** A folder from before there were connections has no `keys` yet. */
const Key = z.object({ installKey: z.string().regex(/^[0-9a-f]{64}$/), keys: KeyRing.optional() });
/** Says that the folder has been in use, and with which key. */
const Marker = z.object({ format: z.int(), key: z.string() });

/** Vane's folder of this project, made if there is none. Whoever reads it owns this installation. */
export function openHome(folder: string): Home {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = statSync(folder);
  const self = process.geteuid?.() ?? uid;
  if (uid !== self) {
    throw refuse(
      `${folder} belongs to another user (uid ${uid}, and you are ${self}). Start Vane as that user, ` +
        `or give the folder to you with "chown -R", or choose another with VANE_HOME.`,
    );
  }
  if ((mode & 0o077) !== 0) chmodSync(folder, 0o700);

  const keyFile = join(folder, "key.json");
  const marker = readMarker(join(folder, "home.json"));
  if (marker && marker.format > HOME_FORMAT) {
    throw refuse(
      `${folder} was made by a newer Vane (format ${marker.format}, this one knows ${HOME_FORMAT}). ` +
        "Start that version, or choose another folder with VANE_HOME.",
    );
  }
  if (marker && !existsSync(keyFile)) {
    throw refuse(
      `${folder} has lost its key.json, without which the secrets in its database cannot be read. ` +
        "Put the file back from a backup, or move the folder away to start anew.",
    );
  }
  if (!marker) createKey(keyFile);
  const { installKey, keys = addKeys(keyFile) } = readKey(keyFile);
  const fingerprint = createHash("sha256").update(`key ${installKey}`).digest("hex").slice(0, 16);
  if (marker && marker.key !== fingerprint) {
    throw refuse(
      `${keyFile} is not the key that ${folder} was made with, so the secrets in its database cannot be read. ` +
        "Put the right file back, or move the folder away to start anew.",
    );
  }
  if (!marker)
    writeFileSync(join(folder, "home.json"), JSON.stringify({ format: HOME_FORMAT, key: fingerprint }));
  return { folder, installKey, keys };
}

/** A new first key; the others go on decrypting. What the database holds comes under it at the next start. */
export function addSecretKey({ folder, keys }: Home): string {
  const first = newSecretKey();
  writeKeys(join(folder, "key.json"), [first, ...keys]);
  return first.id;
}

function addKeys(keyFile: string): KeyRing {
  const keys = [newSecretKey()];
  writeKeys(keyFile, keys);
  return keys;
}

/** Whole or not at all: a half-written file would be the end of every secret. */
function writeKeys(keyFile: string, keys: KeyRing) {
  const half = `${keyFile}.${process.pid}`;
  writeFileSync(half, JSON.stringify({ ...readKey(keyFile), keys }), { mode: 0o600, flush: true });
  renameSync(half, keyFile);
}

/** Whole or not at all, and the first of two wins. */
function createKey(keyFile: string) {
  if (existsSync(keyFile)) return;
  const half = `${keyFile}.${process.pid}`;
  const content = { installKey: randomBytes(32).toString("hex"), keys: [newSecretKey()] };
  writeFileSync(half, JSON.stringify(content), { mode: 0o600 });
  try {
    linkSync(half, keyFile);
  } catch (error) {
    if (!existsSync(keyFile)) throw error;
  } finally {
    rmSync(half);
  }
}

function readKey(keyFile: string) {
  chmodSync(keyFile, 0o600);
  const parsed = Key.safeParse(readJson(keyFile));
  if (parsed.success) return parsed.data;
  throw refuse(`${keyFile} is damaged. Put it back from a backup, or move its folder away to start anew.`);
}

const readMarker = (file: string) => Marker.safeParse(readJson(file)).data;

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

const refuse = (sentence: string) => new VaneError("home.unusable", sentence);
