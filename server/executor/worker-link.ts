import type { Exec, ProcessId } from "../domain/ids";
import type { ProcessIdentity } from "../platform/process-identity";
import type { FromScheduler, FromWorker } from "./protocol";

/** A worker that a scheduler talks to. */
export interface WorkerLink {
  readonly worker: ProcessId;
  readonly identity: ProcessIdentity;
  readonly address: string;
  readonly slots: number;
  /** How many attempts it takes from this scheduler at once, by its own last word. */
  credit: number;
  /** Handed over or about to be, and not reported yet. */
  readonly inFlight: Set<Exec>;
  /** Monotonic time of its last word. */
  lastHeardMs: number;
  /** The last ping that arrived, and the last one that was answered. */
  lastPing: number;
  answeredPing: number;
  /** False once the socket is gone; a new one makes a new link. */
  connected: boolean;
  /** False when it cannot be sent: the link is closed. */
  send(message: FromScheduler): boolean;
}

/** What a scheduler hears of its workers. */
export interface LinkEvents {
  onWelcome(link: WorkerLink): void;
  onMessage(link: WorkerLink, message: FromWorker): void;
  onClosed(link: WorkerLink): void;
}

/** Where attempts run. Local workers on sockets are one kind; brokers and clusters are others behind the same port. */
export interface Executor {
  links(): readonly WorkerLink[];
  linkTo(worker: ProcessId): WorkerLink | undefined;
  stop(): Promise<void>;
}
