import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { pidStart } from "../platform/process-identity";
import { ask, trigger } from "../testing/kills/project";
import { newProject, startVane, type Project, type StartedVane } from "../testing/start-vane";

/* A killed supervisor harms no task: its worker goes on, and the next start's scheduler adopts what it has. */

const dagFile = (said: string, gate: string) => `
import { appendFileSync, existsSync } from "node:fs";
import { context, dag, task } from "vane";
const waits = task({ id: "waits", lostRetries: 0 }, async () => {
  appendFileSync(${JSON.stringify(said)}, "began " + context().attempt + "\\n");
  while (!existsSync(${JSON.stringify(gate)})) await new Promise((resolve) => setTimeout(resolve, 20));
  appendFileSync(${JSON.stringify(said)}, "ended " + context().attempt + "\\n");
});
export default dag({ id: "slow" }, () => { waits(); });
`;

const isAlive = (pid: number) => pidStart(pid) !== undefined;

function workerOf(vane: StartedVane): number {
  const [found] = vane.commands().filter(([, command]) => command.includes("/worker.cjs"));
  if (!found) throw new Error("There is no worker.");
  return found[0];
}

/** A system whose supervisor was killed while a task ran, and the next one on the same folder. */
async function killedAndStarted(project: Project) {
  const [said, gate] = [join(project.folder, "said"), join(project.folder, "gate")];
  writeFileSync(join(project.folder, "dags", "slow.ts"), dagFile(said, gate));
  const first = startVane({ project });
  await first.ready;
  const orphan = workerOf(first);
  await trigger(project, "slow", "run");
  await expect.poll(() => existsSync(said), { timeout: 30_000 }).toBe(true);
  first.signal("SIGKILL");
  await first.ended;
  const next = startVane({ project });
  await next.ready;
  return {
    orphan,
    next,
    said: () => readFileSync(said, "utf8"),
    open: () => {
      writeFileSync(gate, "");
    },
  };
}

const attempts = (project: Project) =>
  ask<{ number: number; state: string }>(project, "select number, state from task_attempt order by number");

it("lets the task of a killed supervisor run on, adopts it, and starts nothing twice", async () => {
  const project = newProject();
  const { orphan, next, said, open } = await killedAndStarted(project);
  expect([isAlive(orphan), workerOf(next) === orphan]).toEqual([true, false]);
  open();
  expect(await attempts(project)).toEqual([{ number: 1, state: "success" }]);
  expect(said()).toBe("began 1\nended 1\n");
  await expect.poll(() => isAlive(orphan), { timeout: 20_000 }).toBe(false);
}, 120_000);

it("ends that worker, too, when it is stopped itself", async () => {
  const project = newProject();
  const { orphan, next, said } = await killedAndStarted(project);
  next.signal("SIGTERM");
  expect(await next.ended).toBe(0);
  expect([isAlive(orphan), said()]).toEqual([false, "began 1\n"]);
}, 120_000);
