import type { DagId, Exec } from "../domain/ids";
import type { Report } from "../executor/protocol";

/** Reports that no owner has made durable yet. */
export interface ReportShelf {
  put(report: Report): void;
  take(exec: Exec): void;
  has(exec: Exec): boolean;
  ofDag(dagId: DagId): Report[];
  readonly size: number;
}

export function reportShelf(): ReportShelf {
  const byExec = new Map<Exec, Report>();
  const byDag = new Map<DagId, Set<Exec>>();
  return {
    put(report) {
      byExec.set(report.exec, report);
      const ofDag = byDag.get(report.dagId) ?? new Set();
      byDag.set(report.dagId, ofDag.add(report.exec));
    },
    take(exec) {
      const report = byExec.get(exec);
      if (!report) return;
      byExec.delete(exec);
      const ofDag = byDag.get(report.dagId);
      ofDag?.delete(exec);
      if (ofDag?.size === 0) byDag.delete(report.dagId);
    },
    has: (exec) => byExec.has(exec),
    ofDag: (dagId) => [...(byDag.get(dagId) ?? [])].flatMap((exec) => byExec.get(exec) ?? []),
    get size() {
      return byExec.size;
    },
  };
}
