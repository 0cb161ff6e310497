import { z } from "zod";
import { FromWorker, Report } from "./protocol";

const Reports = z.object({ type: z.literal("reports"), reports: z.array(z.unknown()) });
const Named = Report.pick({ dagId: true, epoch: true, exec: true }).strip();

/**
 * A message of a worker's, parsed; throws for what cannot be understood. A report that says of whom it is, and then something
 * that cannot be, is still the word that this attempt is over: refused as a whole, it would be told again and again.
 */
export function parseWorkerWord(said: unknown, now: Date): FromWorker {
  const parsed = FromWorker.safeParse(said);
  if (parsed.success) return parsed.data;
  const reports = Reports.safeParse(said);
  if (!reports.success) throw parsed.error;
  return { type: "reports", reports: reports.data.reports.map((report) => readReport(report, now)) };
}

function readReport(said: unknown, now: Date): Report {
  const parsed = Report.safeParse(said);
  if (parsed.success) return parsed.data;
  const named = Named.safeParse(said);
  if (!named.success) throw parsed.error;
  const evidence = `What its worker reported of its end cannot be understood: ${z.prettifyError(parsed.error)}`;
  return {
    ...named.data,
    outcome: { kind: "exited", exitCode: null, signal: null, evidence },
    ...{ startedAt: null, endedAt: now.toISOString(), durationMs: null, pid: null },
    ...{ logBytes: 0, logTruncated: false },
  };
}
