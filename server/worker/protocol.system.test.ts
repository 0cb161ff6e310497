import { once } from "node:events";
import { connect } from "node:net";
import { lstatSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { DAG, testProject, testWorker } from "./testing-worker";

/*
 * The worker's side of server/executor/protocol.ts, message by message, against a scheduler whose every word is the
 * test's. `wait` asks for a variable when it has begun: so a test knows, and lets it go on.
 */
const project = await testProject(`
import { context, dag, task } from "vane";
const quick = task("quick", async () => 1);
const wait = task("wait", async () => {
  const { signal, variable } = context();
  const ended = new Promise((resolve) => { signal.addEventListener("abort", () => resolve("ended")); });
  return Promise.race([variable("begun"), ended]);
});
export default dag({ id: "work" }, () => { quick(); wait(); });
`);
const setup = (options: Parameters<typeof testWorker>[1] = {}) => testWorker(project, options);

it("listens in a place for its own user alone", async () => {
  const { socket } = await setup();
  const modeOf = (file: string) => (lstatSync(file).mode & 0o777).toString(8);
  expect([modeOf(socket), modeOf(path.dirname(socket))]).toEqual(["600", "700"]);
});

it("turns away who does not hold the install key, and who speaks before that", async () => {
  const { socket, join } = await setup();
  await expect(join(1, "another key")).rejects.toThrow("closed the socket");
  const stranger = connect(socket);
  stranger.resume().write('{"type":"ack","reports":[]}\n');
  await once(stranger, "close");
});

it("keeps a report until the owner has made it durable, and tells it again over a new socket", async () => {
  const { work, join } = await setup();
  const first = await join(1);
  const item = work("quick");
  first.dispatch(item);
  await first.report(item.exec, false);
  first.close();

  const again = await join(1);
  expect((await again.report(item.exec)).outcome).toMatchObject({ kind: "returned" });
  again.close();
  const last = await join(1);
  await last.next("ping");
  await last.next("ping");
  expect(last.unread.filter(({ type }) => type === "reports")).toEqual([]);
});

it("reports to the highest epoch, and forgets for nobody else", async () => {
  const { work, join } = await setup();
  const old = await join(1);
  const item = work("quick");
  old.dispatch(item);
  const report = await old.report(item.exec, false);

  const owner = await join(2);
  expect(await owner.report(item.exec, false)).toMatchObject({ epoch: 2 });
  old.ack(report);
  const again = await join(2);
  expect(await again.report(item.exec)).toMatchObject({ epoch: 2 });
});

it("starts nothing for a former owner, and says so to the present one", async () => {
  const { work, join } = await setup();
  const old = await join(1);
  const owner = await join(2);
  await owner.next("ping");
  const item = work("quick", { epoch: 1 });
  old.dispatch(item);
  expect((await owner.report(item.exec)).outcome).toMatchObject({ kind: "never_started" });
});

it("never starts what it has called unknown, whatever the epoch", async () => {
  const { work, join } = await setup();
  const scheduler = await join(1);
  const item = work("quick");
  scheduler.send({ type: "ask", query: 5, dagId: DAG, epoch: 1, execs: [item.exec] });
  expect(await scheduler.next("inventory")).toMatchObject({ query: 5, known: [], unknown: [item.exec] });
  scheduler.dispatch({ ...item, epoch: 9 });
  expect((await scheduler.report(item.exec)).outcome).toMatchObject({ kind: "never_started" });
});

it("knows what runs here and what is not yet acknowledged", async () => {
  const { work, join } = await setup();
  const scheduler = await join(1);
  const [running, ended] = [work("wait"), work("quick")];
  scheduler.dispatch(running, ended);
  await scheduler.report(ended.exec, false);
  scheduler.send({ type: "ask", query: 1, dagId: DAG, epoch: 1, execs: [running.exec, ended.exec] });
  expect(await scheduler.next("inventory")).toMatchObject({ known: [running.exec, ended.exec], unknown: [] });
});

it("takes a dispatch that comes twice for one, also after its end", async () => {
  const { work, join } = await setup();
  const scheduler = await join(1);
  const item = work("quick");
  scheduler.dispatch(item, item);
  await scheduler.report(item.exec);
  scheduler.dispatch(item);
  const other = work("quick");
  scheduler.dispatch(other);
  await scheduler.report(other.exec);
  expect(scheduler.unread.filter(({ type }) => type === "reports")).toEqual([]);
});

it("ends an attempt on the owner's word, and one that has not begun before it begins", async () => {
  const { work, join } = await setup({ slots: 1, limits: { waitMs: 60_000 } });
  const scheduler = await join(1);
  const [running, waiting] = [work("wait"), work("wait")];
  scheduler.dispatch(running, waiting);
  await scheduler.next("need_variable");
  const end = (exec: typeof running.exec, epoch = 1) => {
    scheduler.send({ type: "end", dagId: DAG, epoch, exec, why: "cleared" });
  };
  end(waiting.exec);
  expect((await scheduler.report(waiting.exec)).outcome).toMatchObject({ kind: "never_started" });
  end(running.exec);
  // It has looked at its signal, and came back in the time it has for that.
  expect((await scheduler.report(running.exec)).outcome).toMatchObject({ result: { json: '"ended"' } });
});

it("promises never to start what it is told to end and does not know", async () => {
  const { work, join } = await setup();
  const scheduler = await join(1);
  const item = work("quick");
  scheduler.send({ type: "end", dagId: DAG, epoch: 1, exec: item.exec, why: "cancelled" });
  expect((await scheduler.report(item.exec)).outcome).toMatchObject({ kind: "never_started" });
  scheduler.dispatch(item);
  expect((await scheduler.report(item.exec)).outcome).toMatchObject({ kind: "never_started" });
});

it("kills what no answer has renewed for its time; answers of others are none", async () => {
  const { work, join } = await setup({ limits: { renewalMs: 2_000, watchdogMs: 60_000, pingMs: 50 } });
  const owner = await join(1);
  const item = work("wait");
  owner.dispatch(item);
  await owner.next("need_variable");
  owner.holds.clear(); // alive and answering, but the DAG is not in its committed beat any more
  await join();
  const { outcome } = await owner.report(item.exec);
  expect(outcome).toMatchObject({ kind: "lost" });
  expect(outcome).toMatchObject({ evidence: expect.stringContaining("no scheduler spoke for work for 2 s") });
});

it("leaves running what is renewed, for as long as it is", async () => {
  const { work, join } = await setup({ limits: { renewalMs: 500, watchdogMs: 700, pingMs: 50 } });
  const owner = await join(1);
  const item = work("wait");
  owner.dispatch(item);
  const { query } = await owner.next("need_variable");
  for (let pings = 0; pings < 20; pings++) await owner.next("ping");
  owner.send({ type: "variable", query, answer: { value: "go on" } });
  expect((await owner.report(item.exec)).outcome).toMatchObject({ result: { json: '"go on"' } });
});

it("starts nothing for a DAG that no answer has renewed", async () => {
  const { work, join } = await setup();
  const scheduler = await join();
  const never = work("quick");
  scheduler.send({ type: "dispatch", ping: 0, items: [never] });
  expect((await scheduler.report(never.exec)).outcome).toMatchObject({ kind: "never_started" });

  const renewed = work("quick");
  scheduler.dispatch(renewed); // names a ping, and so renews
  expect((await scheduler.report(renewed.exec)).outcome).toMatchObject({ kind: "returned" });
});

it("closes a socket whose pings stay unanswered", async () => {
  const { join } = await setup({ limits: { unansweredMs: 100, pingMs: 20 } });
  const scheduler = await join(1);
  scheduler.answers = false;
  await scheduler.closed;
});

it("hands back what waits while long attempts hold all runtimes", async () => {
  const { work, join } = await setup({ slots: 1, limits: { waitMs: 50 } });
  const scheduler = await join(1);
  const [running, waiting] = [work("wait"), work("quick")];
  scheduler.dispatch(running, waiting);
  const { outcome } = await scheduler.report(waiting.exec);
  expect(outcome).toMatchObject({ kind: "never_started", why: "There was no free slot" });
});

it("tells each scheduler how much it may send, and short tasks bring more", async () => {
  const { work, join } = await setup({ slots: 2 });
  const scheduler = await join(1);
  expect(await scheduler.next("credit")).toMatchObject({ attempts: 2 });
  // The first one loads its code, and may take so long that it needs many others to bring the mean down.
  while (!scheduler.unread.some(({ type }) => type === "credit")) {
    const item = work("quick");
    scheduler.dispatch(item);
    await scheduler.report(item.exec);
  }
  expect((await scheduler.next("credit")).attempts).toBeGreaterThan(2);
});

it("asks for a bundle once, however many attempts need it", async () => {
  const { work, join } = await setup();
  const scheduler = await join(1);
  const items = [work("quick"), work("quick"), work("quick")];
  scheduler.dispatch(...items);
  for (const { exec } of items) await scheduler.report(exec);
  expect(scheduler.unread.filter(({ type }) => type === "need_bundle")).toHaveLength(1);
});

it("says that a version without its code cannot run", async () => {
  const { work, join } = await setup();
  const scheduler = await join(1);
  const item = work("quick", { bundleHash: "feed" });
  scheduler.dispatch(item);
  expect((await scheduler.report(item.exec)).outcome).toMatchObject({ error: { code: "bundle.missing" } });
});

it("stops by plan: what runs is interrupted, what waits has never started, and schedulers hear goodbye", async () => {
  const { work, join, worker, socket } = await setup({ slots: 1, limits: { waitMs: 60_000 } });
  const scheduler = await join(1);
  const [running, waiting] = [work("wait"), work("quick")];
  scheduler.dispatch(running, waiting);
  await scheduler.next("need_variable");
  const stopped = worker.stop();
  expect((await scheduler.report(waiting.exec)).outcome).toMatchObject({ kind: "never_started" });
  // It came back in time, so that nothing of it has to be done again.
  expect((await scheduler.report(running.exec)).outcome).toMatchObject({ kind: "returned" });
  await scheduler.next("goodbye");
  await stopped;
  expect(() => lstatSync(socket)).toThrow("ENOENT");
});
