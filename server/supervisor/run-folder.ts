import { lstatSync, mkdirSync, rmSync } from "node:fs";
import { VaneError } from "../platform/errors";

/** The folder of the workers' sockets. It lies where everybody may make folders, hence the look at whose it is. */
export function openRunFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  const isOurs =
    found.isDirectory() && found.uid === (process.geteuid?.() ?? found.uid) && (found.mode & 0o077) === 0;
  if (isOurs) return;
  throw new VaneError(
    "home.unusable",
    `${folder} is not a folder of yours alone, and workers would listen in it. ` +
      "Remove it, or set XDG_RUNTIME_DIR to a folder of yours.",
  );
}

/** Every worker has left by now; a socket of one that was killed is nobody's. */
export function removeRunFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
