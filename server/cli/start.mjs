/*
 * `npm start`: from a fresh clone to a running Vane. It runs before anything is installed, so it imports nothing but
 * Node's own. The supervisor then runs in this very process, which saves the memory of another.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const OLDEST_NODE = [20, 19];

const USAGE = `npm start -- [--port PORT] [--demo]

  --port PORT   Listen there and nowhere else (default: 8080, or the next free one).
  --demo        Load the demonstration DAGs of dags/demo, too.`;

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

export function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  fail(
    `Vane needs Node ${OLDEST_NODE.join(".")} or newer, and this is ${process.versions.node}. Install a newer one.`,
  );
}

/** npm writes what it has installed, once it has: nothing else tells a whole install from one that was cut off. */
function isInstalled() {
  try {
    const packages = (file) => JSON.parse(readFileSync(join(ROOT, file), "utf8")).packages;
    const wanted = packages("package-lock.json");
    const installed = packages(join("node_modules", ".package-lock.json"));
    return Object.entries(wanted).every(
      ([path, { version, optional }]) =>
        path === "" || (installed[path] ? installed[path].version === version : optional === true),
    );
  } catch {
    return false;
  }
}

/** `npm ci`, when something is missing or another version is wanted. */
export function install() {
  if (isInstalled()) return;
  requireStopped("install");
  process.stdout.write("Installing packages (npm ci), about a minute ...\n");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (npm.status === 0) return;
  process.stderr.write(`${npm.stdout ?? ""}${npm.stderr ?? npm.error?.message ?? ""}`);
  fail(
    "npm ci failed; its last words stand above. Mend that (often the network or a proxy) and start again.",
  );
}

/** When lockfile or sources are not those of the last build. */
export async function buildIfChanged() {
  const { build, isBuilt } = await import("./build.mjs");
  if (isBuilt()) return;
  requireStopped("build");
  process.stdout.write("Building, about half a minute ...\n");
  try {
    await build();
  } catch (error) {
    fail(`The build failed: ${error.message}\nMend the source above and start again.`);
  }
}

/** Nothing is replaced under the feet of a running system. */
function requireStopped(what) {
  const home = resolve(ROOT, process.env.VANE_HOME || ".vane");
  try {
    const { url, pid, pidStart } = JSON.parse(readFileSync(join(home, "run.json"), "utf8"));
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    if (stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] !== pidStart) return;
    fail(
      `Vane runs here already: ${url} (process ${pid}). Stop it first: there is something new to ${what}.`,
    );
  } catch {
    // No such file or no such process.
  }
}

function parseArguments(argv) {
  const flags = { project: ROOT };
  for (let i = 0; i < argv.length; i++) {
    const [name, given] = argv[i].split("=", 2);
    if (name === "--demo") flags.demo = true;
    else if (name === "--port") {
      const port = Number(given ?? argv[++i]);
      if (!Number.isInteger(port) || port < 1 || port > 65_535)
        fail("--port wants a number from 1 to 65535.");
      flags.port = port;
    } else if (name === "--help") {
      process.stdout.write(`${USAGE}\n`);
      process.exit(0);
    } else fail(`There is no option ${name}.\n\n${USAGE}`);
  }
  return flags;
}

async function main() {
  requireNode();
  const flags = parseArguments(process.argv.slice(2));
  mkdirSync(join(ROOT, ".vane"), { recursive: true, mode: 0o700 });
  install();
  await buildIfChanged();
  const { standalone } = await import(pathToFileURL(join(ROOT, "dist", "standalone.cjs")).href);
  process.exit(await standalone(flags));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
