import { expect, it, vi } from "vitest";
import { SerializedDag } from "../domain/serialized-dag";
import { aDag } from "../testing/seed";
import { returned, stage } from "../testing/sim/stage";

// Thousands of steps; how long they take is nobody's promise.
vi.setConfig({ testTimeout: 60_000 });

const dag = aDag({ id: "hello", tasks: { fetch: [], save: ["fetch"] } });
const nodes = dag.nodes.map((node) => ({ ...node, args: node.after.map((ref) => ({ ref })) }));

it("hands on no result of an attempt that was cleared", async () => {
  const set = stage();
  set.bring(SerializedDag.parse({ ...dag, nodes }));
  await set.pass(5_000);
  const worker = set.join();
  const work = async (count: number) => {
    await set.until(`attempt ${count} begins`, () => worker.works.length === count);
    const given = worker.works[count - 1];
    if (!given) throw new Error("It was seen just now.");
    return given;
  };

  set.trigger("hello", "one");
  worker.report(await work(1), returned("1"));
  const before = await work(2);
  expect(before.values).toEqual({ fetch: { json: "1" } });
  worker.report(before, returned());
  await set.until("it ends", () => set.rows("dag_run", { state: "success" }).length === 1);

  set.trigger("hello", "two");
  worker.report(await work(3), returned("2"));
  const live = await work(4);
  set.clear("two", "fetch");
  await set.until(
    "the clear is durable",
    () => set.rows("task_instance", { state: "restarting" }).length === 1,
  );
  worker.report(live, { kind: "exited", exitCode: null, signal: "SIGTERM", evidence: "" });
  const again = await work(5);
  expect(again.taskId).toBe("fetch");
  set.mark("two", "fetch", "success");
  await set.until("the mark is durable", () =>
    set.rows("task_instance", { state: "running" }).some(({ intent }) => intent !== null),
  );
  worker.report(again, { kind: "exited", exitCode: null, signal: "SIGTERM", evidence: "" });
  const after = await work(6);
  expect(after).toMatchObject({ taskId: "save", values: { fetch: { none: true } } });
});
