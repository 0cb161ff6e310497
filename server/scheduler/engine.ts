import { RunKey, runKeyAt, type DagId, type Exec, type ProcessId } from "../domain/ids";
import type { RunState } from "../domain/run-state";
import type { CommandRow, InboxRow } from "../db/sql/open-commands";
import type { Session } from "../db/session";
import type { Report } from "../executor/protocol";
import type { Executor, WorkerLink } from "../executor/worker-link";
import type { Clock } from "../platform/clock";
import { dueQueue, type DueQueue } from "../platform/due-queue";
import type { Log } from "../platform/log";
import type { ProcessIdentity } from "../platform/process-identity";
import type { SecretOptions } from "../secrets/options";
import type { Flusher } from "./flush";
import type { Limits } from "./limits";
import type { OpenCallback, OwnedDag, Place } from "./owned";
import type { ParamsCheck } from "./params-checks";
import { suspects, type Suspects } from "./suspects";

/** What waits to be decided about. Who brings one calls `wake`. */
export type Input =
  | { readonly kind: "report"; readonly link: WorkerLink; readonly report: Report }
  /** Found out by the owner itself: the worker denies it, was never sent it, or is gone with all its runtimes. */
  | { readonly kind: "ending"; readonly exec: Exec; readonly event: "never_started" | "worker_lost" }
  | { readonly kind: "command"; readonly command: CommandRow }
  | { readonly kind: "inbox"; readonly row: InboxRow };

export type Due =
  | { readonly kind: "task"; readonly dag: OwnedDag; readonly run: RunState; readonly at: number }
  | { readonly kind: "run_timeout"; readonly dag: OwnedDag; readonly run: RunState }
  | { readonly kind: "tick"; readonly dag: OwnedDag }
  | { readonly kind: "callback"; readonly dag: OwnedDag; readonly id: number }
  | { readonly kind: "check"; readonly dag: OwnedDag; readonly run: RunState };

export interface LivePlace extends Place {
  readonly dag: OwnedDag;
}

/** What must be looked for in the database before the next decision. */
export interface Look {
  claim: boolean;
  /** Open commands and inbox rows of these DAGs. */
  readonly doors: Set<DagId>;
  everyDoor: boolean;
  /** Functions of these DAGs that are to be called. */
  readonly callbacks: Set<DagId>;
  beat: boolean;
  started: boolean;
}

export interface KnownWorker {
  /** Undefined until somebody has read its row. */
  readonly identity: ProcessIdentity | undefined;
  /** Monotonic. */
  lastHeardMs: number;
  /** Said goodbye, or marked dead on proof. */
  dead: boolean;
}

/** All that one scheduler knows. Only passes move it, one at a time. */
export interface Engine {
  readonly id: ProcessId;
  readonly clock: Clock;
  readonly log: Log;
  readonly flusher: Flusher;
  readonly session: Session;
  readonly executor: Executor;
  readonly publicUrl: string;
  readonly secrets: SecretOptions;
  readonly limits: Limits;
  readonly dags: Map<DagId, OwnedDag>;
  readonly execs: Map<Exec, LivePlace>;
  readonly callbackExecs: Map<Exec, OpenCallback>;
  readonly checkExecs: Map<Exec, ParamsCheck>;
  readonly due: DueQueue<Due>;
  readonly inputs: Input[];
  /** Attempts that have begun. They ride along with the next flush; alone they make one a second later. */
  readonly started: Map<Exec, Date>;
  readonly look: Look;
  /** DAGs with scheduled tasks, and DAGs whose queued runs may have room now. */
  readonly readyDags: Set<OwnedDag>;
  readonly queuedDags: Set<OwnedDag>;
  /** DAGs with functions that are to be called now. */
  readonly callbackDags: Set<OwnedDag>;
  /** DAGs with params that are to be checked. */
  readonly checkDags: Set<OwnedDag>;
  /** DAGs that were just claimed or read again. */
  readonly adopted: Set<OwnedDag>;
  /** DAGs whose next tick has come. */
  readonly tickDags: Set<OwnedDag>;
  /** Workers that this owner has had to do with, also when their socket is gone. */
  readonly workers: Map<ProcessId, KnownWorker>;
  /** Links whose worker is to be asked what it has of ours. */
  readonly uncertain: Set<WorkerLink>;
  /** Monotonic. After a jump of the database's clock no scheduled run is made until then. */
  ticksWaitUntilMs: number;
  /** How many DAGs are its fair share; the rest is left to the other schedulers. */
  share: number;
  /** After a refused flush: those that may be to blame. */
  readonly suspects: Suspects;
  readonly newExec: () => Exec;
  readonly newRunKey: () => RunKey;
  /** Commands that nothing can be done about, with the sentence that says why. */
  readonly refused: Map<number, string>;
  /** Number of the last question to a worker. */
  queries: number;
  stopped: boolean;
  wake(): void;
}

type Given = Pick<
  Engine,
  | "id"
  | "clock"
  | "log"
  | "flusher"
  | "session"
  | "executor"
  | "publicUrl"
  | "newExec"
  | "secrets"
  | "limits"
  | "wake"
>;

export function newEngine(given: Given): Engine {
  return {
    ...given,
    ...{
      dags: new Map(),
      execs: new Map(),
      callbackExecs: new Map(),
      checkExecs: new Map(),
      due: dueQueue(),
      inputs: [],
      started: new Map(),
      readyDags: new Set(),
    },
    ...{
      queuedDags: new Set(),
      callbackDags: new Set(),
      checkDags: new Set(),
      tickDags: new Set(),
      adopted: new Set(),
      workers: new Map(),
      uncertain: new Set(),
      ticksWaitUntilMs: 0,
      share: Infinity,
      suspects: suspects(),
      queries: 0,
      refused: new Map(),
      stopped: false,
    },
    look: {
      claim: true,
      doors: new Set(),
      everyDoor: false,
      callbacks: new Set(),
      beat: true,
      started: false,
    },
    newRunKey: runKeys(given.clock, given.id),
  };
}

/**
 * Time-ordered, 53 bits: milliseconds, then 12 bits that differ from owner to owner, because two of them make runs in the
 * same millisecond at every full minute. Should they meet after all, the primary key refuses one flush, which then has
 * later keys.
 */
function runKeys(clock: Clock, owner: ProcessId): () => RunKey {
  const first = Number.parseInt(owner.slice(-3), 16);
  let last = 0;
  return () => {
    last = Math.max(last + 1, runKeyAt(clock.now()) + first);
    return RunKey.parse(last);
  };
}
