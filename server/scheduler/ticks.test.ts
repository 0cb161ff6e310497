import { expect, it, vi } from "vitest";
import { aDag } from "../testing/seed";
import { stage } from "../testing/sim/stage";

// Thousands of steps; how long they take is nobody's promise.
vi.setConfig({ testTimeout: 60_000 });

const MINUTE_MS = 60_000;

it("makes the run of a tick that comes while a refused flush of another DAG is looked into", async () => {
  const set = stage();
  set.bring(
    aDag({ id: "ticking", schedule: ["* * * * *"], tasks: { only: [] } }),
    aDag({ id: "other", tasks: { only: [] } }),
  );
  await set.pass(MINUTE_MS - 250);
  let refusals = 1;
  set.refuses = (changes) =>
    changes.some(({ table, after }) => table === "dag_run" && after?.["dag_id"] === "other") && refusals-- > 0
      ? "22P05"
      : undefined;
  // Before, at and after the full minute the other one has something to be tried by itself.
  for (let n = 0; n < 15; n += 1) set.trigger("other", `asked_${n}`);
  await set.pass(2_000);
  expect(set.said.map(({ facts }) => facts)).toMatchObject([{ dags: ["other"] }]);
  expect(set.rows("dag_run", { dag_id: "other" })).toHaveLength(15);
  expect(set.rows("dag_run", { dag_id: "ticking" })).toHaveLength(1);
});
