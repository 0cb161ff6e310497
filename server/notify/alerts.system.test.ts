import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freePort } from "../supervisor/free-port";
import { newProject, startVane, type Project } from "../testing/start-vane";
import { telegramSink } from "../testing/telegram-sink";

const SOURCE = (file: string) => `
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { dag, task } from "vane";
import { telegram } from "vane/notify";

const tell = telegram({ chat: "@tasks" });
const die = task({ id: "die", lostRetries: 0, onFailure: tell }, async () => {
  process.kill(process.pid, "SIGKILL");
  await new Promise(() => undefined);
});
const leave = task({ id: "leave", onFailure: tell }, async () => { process.exit(0); });
const sleep = task({ id: "sleep", timeout: "1s", onFailure: tell }, async () => { await new Promise((done) => setTimeout(done, 60_000)); });
export const killed = dag({ id: "killed" }, () => { die(); });
export const left = dag({ id: "left" }, () => { leave(); });
export const late = dag({ id: "late" }, () => { sleep(); });

const note = (happened: unknown) => { appendFileSync(${JSON.stringify(file)}, JSON.stringify(happened) + "\\n"); };
const throws = task({ id: "throws", retries: 1, retryDelay: "0.1s", onRetry: note, onFailure: [note, tell] }, async (n: number) => { throw new TypeError("no price for " + n + "\\nsecond line"); });
const hasFailed = () => existsSync(${JSON.stringify(file)}) && readFileSync(${JSON.stringify(file)}, "utf8").includes('"failure"');
const other = task("other", async () => { while (!hasFailed()) await new Promise((done) => setTimeout(done, 20)); throw new Error("later"); });
export const once = dag({ id: "once", onFailure: [telegram({ chat: "@runs" }), note] }, () => { throws(7); other(); });
`;

function trigger({ folder }: Project, dagId: string): Promise<string> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      ["dist/vane.cjs", "dags", "trigger", dagId, "--wait", "--project", folder],
      { env: { PATH: "/usr/bin:/bin" } },
      (_error, out, err) => {
        done(out + err);
      },
    );
  });
}

const called = (file: string) =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

it("tells of tasks that were killed, left or took too long, and of a failed run once", async () => {
  const sink = await telegramSink();
  const project = newProject();
  const file = join(project.folder, "called.jsonl");
  writeFileSync(join(project.folder, "dags", "alerts.ts"), SOURCE(file));
  const connection = { conn_type: "telegram", password: "1:t0ken", extra: { apiRoot: sink.url } };
  const vane = startVane({
    project,
    args: ["--port", String(await freePort())],
    env: { VANE_CONN_TELEGRAM_DEFAULT: JSON.stringify(connection) },
  });
  const url = await vane.ready;
  await expect.poll(() => vane.said(), { timeout: 10_000 }).toContain("DAG once is at version 1");

  expect(await trigger(project, "killed")).toContain("failed after");
  const killed = await sink.next();
  expect(killed).toMatchObject({ token: "1:t0ken", chat: "@tasks" });
  expect(killed.text).toMatch(/^Failed: killed\nTask: die\nAttempt: 1\nError: .*SIGKILL/);
  expect(killed.text).toMatch(/\nDuration: \d/);
  expect(killed.text).toContain(`${url}/dags/killed/runs/manual__`);
  expect(killed.text).toMatch(/\/tasks\/die\?attempt=1$/);

  expect(await trigger(project, "left")).toContain("failed after");
  expect((await sink.next()).text).toMatch(/^Failed: left\nTask: leave\nAttempt: 1\nError: .*exit/i);
  expect(await trigger(project, "late")).toContain("failed after");
  expect((await sink.next()).text).toMatch(
    /^Failed: late\nTask: sleep\nAttempt: 1\nError: It took longer than its timeout\./,
  );

  expect(await trigger(project, "once")).toContain("failed after");
  const two = [await sink.next(), await sink.next()];
  const ofTask = two.find(({ chat }) => chat === "@tasks");
  const ofRun = two.find(({ chat }) => chat === "@runs");
  expect(ofTask?.text).toMatch(
    /^Failed: once\nTask: throws\nAttempt: 2\nError: TypeError: no price for 7\nDur/,
  );
  expect(ofRun?.text).toMatch(
    /^Failed: once\nTask: throws \(the first of 2 that failed\)\nAttempt: 2\nError: TypeError: no price for 7\n/,
  );
  await expect.poll(() => called(file), { timeout: 10_000 }).toHaveLength(3);
  expect(called(file)).toMatchObject([
    { event: "retry", taskId: "throws", attempt: 1, error: { message: "no price for 7\nsecond line" } },
    { event: "failure", taskId: "throws", attempt: 2 },
    { event: "failure", dagId: "once", taskId: "throws" },
  ]);
  expect(sink.all).toHaveLength(5);
}, 120_000);
