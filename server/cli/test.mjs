/*
 * `npm test [-- --long]`: everything that has to hold, on a fresh clone, too. The last line counts it:
 * "N passed, M failed", where a check that does not pass (types, lint, format, unused code) counts as one failure.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { install, requireNode } from "./start.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const long = process.argv.includes("--long");
const reports = mkdtempSync(join(tmpdir(), "vane-test-report-"));
const total = { passed: 0, failed: 0 };

/** Runs a command of a package; what it says is shown when it fails, or at once when that is long in coming. */
function run(command, args, { env = {}, show = false } = {}) {
  return new Promise((resolve) => {
    const file = join(ROOT, "node_modules", ".bin", command);
    const child = spawn(file, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", show ? "inherit" : "pipe", show ? "inherit" : "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (said += chunk));
    child.on("error", (error) => resolve({ ok: false, said: error.message }));
    child.on("close", (code) => resolve({ ok: code === 0, said }));
  });
}

async function timed(name, work) {
  const startedMs = performance.now();
  const result = await work();
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  process.stdout.write(`${result.ok ? "ok    " : "FAILED"} ${name} (${seconds} s)\n`);
  return result;
}

async function check(name, command, args, options) {
  const { ok, said } = await timed(name, () => run(command, args, options));
  total[ok ? "passed" : "failed"]++;
  if (!ok) process.stdout.write(`${said}\n`);
}

async function tests(project) {
  const report = join(reports, `${project}.json`);
  const args = [
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  const { ok } = await timed(`${project} tests`, () => run("vitest", args, { show: true }));
  const counts = readCounts(report);
  total.passed += counts.passed;
  // A file that cannot be loaded, or an error outside of any test, fails no test and yet is a failure.
  total.failed += ok ? 0 : Math.max(1, counts.failed);
}

/** The product in a browser, built as it is shipped. Nothing is left out: a test that does not run has failed. */
async function browserTests() {
  const report = join(reports, "e2e.json");
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  const args = ["test", "--reporter=list,json"];
  const { ok } = await timed("e2e tests", () => run("playwright", args, { env, show: true }));
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = readJson(report).stats ?? {};
  total.passed += expected;
  total.failed += Math.max(ok ? 0 : 1, unexpected + flaky + skipped);
}

function readCounts(report) {
  const { numPassedTests = 0, numFailedTests = 0 } = readJson(report);
  return { passed: numPassedTests, failed: numFailedTests };
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}

requireNode();
install();
try {
  if (existsSync(join(ROOT, "prisma", "schema.prisma"))) {
    // The engine is not needed for this, and the address that it would be fetched from need not be reachable.
    const env = { PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true", PRISMA_HIDE_UPDATE_MESSAGE: "1" };
    await check("Prisma's types", "prisma", ["generate"], { env });
  }
  if (long) await tests("long");
  else {
    await Promise.all([
      check("types", "tsc", ["-p", "."]),
      check("format", "prettier", ["--check", "--log-level=warn", "."]),
    ]);
    await check("lint", "eslint", ["."]);
    await check("unused code", "knip", []);
    for (const project of ["unit", "db", "system"]) await tests(project);
    await browserTests();
  }
} finally {
  rmSync(reports, { recursive: true, force: true });
}
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
