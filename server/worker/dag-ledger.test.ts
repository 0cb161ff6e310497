import { expect, it } from "vitest";
import { DagId } from "../domain/ids";
import { dagLedger } from "./dag-ledger";

const DAG = DagId.parse("sync");

it("believes the highest epoch, and nobody below it again", () => {
  const ledger = dagLedger<string>();
  expect(ledger.hear(DAG, 3, "first")).toBe("new");
  expect(ledger.hear(DAG, 3, "first")).toBe("known");
  expect(ledger.hear(DAG, 4, "second")).toBe("new");
  expect(ledger.hear(DAG, 3, "first")).toBe("refused");
  expect([ledger.ownerOf(DAG), ledger.epochOf(DAG)]).toEqual(["second", 4]);
});

it("keeps the epoch when the owner's socket is gone, and knows it again over a new one", () => {
  const ledger = dagLedger<string>();
  ledger.hear(DAG, 3, "socket 1");
  ledger.renew(DAG, 1_000);
  ledger.forget("socket 1");
  expect(ledger.ownerOf(DAG)).toBeUndefined();
  expect(ledger.hear(DAG, 2, "another")).toBe("refused");
  expect(ledger.hear(DAG, 3, "socket 2")).toBe("new");
  expect(ledger.renewedMs(DAG)).toBe(1_000);
});

it("counts from the newest message that was answered, in whatever order answers come", () => {
  const ledger = dagLedger<string>();
  ledger.hear(DAG, 1, "owner");
  ledger.renew(DAG, 4_000);
  ledger.renew(DAG, 2_000);
  expect(ledger.renewedMs(DAG)).toBe(4_000);
});
