import type { DagId } from "../domain/ids";

/** What a worker knows of who owns a DAG, and until when it may run the DAG's attempts. */
export interface DagLedger<Owner> {
  /**
   * Takes in that somebody speaks for a DAG. `refused`: a former owner, whose word counts for nothing. `new`: another
   * one than before, or over another socket: it has not heard the reports that wait.
   */
  hear(dagId: DagId, epoch: number, owner: Owner): "known" | "new" | "refused";
  /** @param sentMs when the message of ours was sent that the owner answers */
  renew(dagId: DagId, sentMs: number): void;
  /** What deadlines count from; undefined: never renewed. */
  readonly renewedMs: (dagId: DagId) => number | undefined;
  ownerOf(dagId: DagId): Owner | undefined;
  /** The highest that was heard of. */
  epochOf(dagId: DagId): number | undefined;
  /** Its socket is gone. Epochs and deadlines stay. */
  forget(owner: Owner): void;
}

export function dagLedger<Owner>(): DagLedger<Owner> {
  const dags = new Map<DagId, { epoch: number; owner: Owner | undefined; renewedMs: number | undefined }>();
  return {
    hear(dagId, epoch, owner) {
      const dag = dags.get(dagId) ?? { epoch: 0, owner: undefined, renewedMs: undefined };
      if (epoch < dag.epoch) return "refused";
      if (epoch === dag.epoch && owner === dag.owner) return "known";
      dags.set(dagId, { ...dag, epoch, owner });
      return "new";
    },
    renew(dagId, sentMs) {
      const dag = dags.get(dagId);
      if (dag && sentMs > (dag.renewedMs ?? -Infinity)) dag.renewedMs = sentMs;
    },
    renewedMs: (dagId) => dags.get(dagId)?.renewedMs,
    epochOf: (dagId) => dags.get(dagId)?.epoch,
    ownerOf: (dagId) => dags.get(dagId)?.owner,
    forget(owner) {
      for (const dag of dags.values()) if (dag.owner === owner) dag.owner = undefined;
    },
  };
}
