import { expectTypeOf, it } from "vitest";
import type { z } from "zod";
import type { DagRunModel } from "../../prisma/generated/models";
import type { Misfits } from "./prisma-rows";
import type { RunColumns } from "./queries/run-row";

// The compiler is the one that fails here; a message names the column.

it("reads runs as their table has them", () => {
  expectTypeOf<Misfits<DagRunModel, z.input<typeof RunColumns>, "ending">>().toBeNever();
});

it("would name a column of another type, one that may be null, and one that does not exist", () => {
  interface Wrong {
    run_key: string;
    reason: string;
    run_name: string;
    state: "success" | "failed";
    logical_date: Date | null;
  }
  expectTypeOf<Misfits<DagRunModel, Wrong>>().toEqualTypeOf<"run_key" | "reason" | "run_name">();
});
