import { mock } from "vane";
import { expect, it } from "vitest";
import prices, { fetchPrices, onlyTraded, savePrices } from "./prices";

const at = "2026-11-25T10:00:00.000Z";

it("saves what was traded, with the time that the run stands for", async () => {
  const run = await prices.test({
    now: "2026-11-25T10:01:00Z",
    mocks: [
      mock(fetchPrices, () => ({
        at,
        prices: [
          { pool: "a", usd: 1.5 },
          { pool: "b", usd: null },
        ],
      })),
      mock(savePrices, (rows) => ({ saved: rows.length })),
    ],
  });
  expect(run.state).toBe("success");
  expect(run.task(onlyTraded).result).toEqual([{ pool: "a", usd: 1.5, at }]);
  expect(run.task(onlyTraded).log).toEqual([expect.stringContaining("1 of 2 pools")]);
  expect(run.task(savePrices).result).toEqual({ saved: 1 });
});

it("comes back when the market stumbles", async () => {
  let calls = 0;
  const run = await prices.test({
    mocks: [
      mock(fetchPrices, () => {
        calls += 1;
        if (calls < 5) throw new Error("The market answered 500.");
        return { at, prices: [] };
      }),
      mock(savePrices, (rows) => ({ saved: rows.length })),
    ],
  });
  expect([run.state, run.task(fetchPrices).attempts]).toEqual(["success", 5]);
});
