import type { ClaimedAlert } from "../db/sql/claim-outbox";

/** What became of a message. Whoever sends never throws: it says how sure it is. */
export type Delivery =
  | { readonly kind: "sent" }
  | {
      readonly kind: "failed";
      readonly why: string;
      /** `channel`: nothing else would get through either. */
      readonly trouble: "message" | "channel";
      /** No answer came, so that it may have arrived. */
      readonly mayHaveArrived: boolean;
      /** What the other side asked for. */
      readonly retryAfterMs?: number;
    }
  /** No try will ever do. */
  | { readonly kind: "impossible"; readonly why: string };

/** One kind of notifier. Gives up on an answer after 10 s. */
export interface Channel {
  deliver(alert: ClaimedAlert, signal: AbortSignal): Promise<Delivery>;
}
