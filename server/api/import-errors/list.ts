import { z } from "zod";
import { listImportErrors } from "../../db/queries/list-import-errors";
import { query } from "../../db/sql/statement";
import { DagId } from "../../domain/ids";
import { NoInput, procedure } from "../trpc";

const ImportError = z.strictObject({
  file: z.string(),
  severity: z.enum(["error", "warning"]),
  code: z.string(),
  sentence: z.string(),
  line: z.int().nullable(),
  column: z.int().nullable(),
  /** The lines around it, with a mark. */
  frame: z.string().nullable(),
  /** Of the user's file, not of Vane. */
  stack: z.string().nullable(),
  /** DAGs that go on with the last version that could be loaded. */
  dagIds: z.array(DagId),
  seenAt: z.date(),
});

export const list = procedure("dag.read")
  .input(NoInput)
  .output(z.array(ImportError))
  .query(({ ctx }) => query(ctx.db, listImportErrors()));
