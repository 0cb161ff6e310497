/*
 * Sends what the outbox holds for notifiers.
 *
 *   pending --claim, committed--> sending --> sent
 *      ^                            |  '----> failed (a day, or never possible)
 *      '---- no, or no answer ------'
 *
 * Whoever finds `sending` with its lease over knows only that somebody began: it is sent again, and the text says so.
 */
import { claimOutbox, LEASE_MS, type ClaimedAlert } from "../db/sql/claim-outbox";
import { outboxAgenda } from "../db/sql/outbox-agenda";
import { settleOutbox, type Settled } from "../db/sql/settle-outbox";
import type { Statement } from "../db/sql/statement";
import type { ProcessId } from "../domain/ids";
import type { Clock } from "../platform/clock";
import type { Log } from "../platform/log";
import { dueService, LoopOptions, type Service } from "../platform/service";
import type { Channel, Delivery } from "./channel";
import { pressure } from "./pressure";

export interface DeliveryCounts {
  readonly claimed: number;
}

interface Dependencies {
  readonly owner: ProcessId;
  /** Rejects while the database is away. */
  readonly ask: <Row>(statement: Statement<Row>) => Promise<Row[]>;
  /** By the notifier's name. */
  readonly channels: Readonly<Record<string, Channel>>;
  readonly clock: Clock;
  readonly log: Log;
  readonly onPass: (outcome: DeliveryCounts | { readonly error: unknown }) => void;
  /** After each message, for tests that wait for one. */
  readonly onSettled?: (settled: Settled) => void;
}

export interface DeliveryService extends Service<DeliveryCounts> {
  /** There is something to send. */
  wake(): void;
}

const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 300_000;
const DATABASE_PAUSE_MS = 200;
/** What is under way when it stops has this long to come to its end. */
const GRACE_MS = 3_000;

export function deliveryService(dependencies: Dependencies): DeliveryService {
  const { owner, ask, channels, clock, log, onPass, onSettled } = dependencies;
  const limits = pressure();
  const underWay = new Map<number, Promise<void>>();
  const stopping = new AbortController();
  let stopped = false;
  let next: Date | undefined;

  const loop = dueService(
    { clock, runOnce, nextDue: () => next, onPass },
    LoopOptions.parse({ sweepMs: 30_000, pauseAfterErrorMs: 1_000 }),
  );

  function wake() {
    next = clock.now();
    loop.rearm();
  }

  function notLaterThan(inMs: number) {
    const at = new Date(clock.now().getTime() + inMs);
    if (!next || at < next) next = at;
  }

  async function runOnce(): Promise<DeliveryCounts> {
    next = undefined;
    let claimed = 0;
    for (const { channel, inMs } of await ask(outboxAgenda(limits.closed(clock.monotonicMs())))) {
      if (inMs > 0) notLaterThan(inMs);
      else claimed += await claim(channel);
    }
    const nowMs = clock.monotonicMs();
    const opensMs = limits.nextOpenMs(nowMs);
    if (opensMs !== undefined) notLaterThan(opensMs - nowMs);
    return { claimed };
  }

  async function claim(channel: string): Promise<number> {
    const askedMs = clock.monotonicMs();
    const room = limits.room(channel, askedMs);
    if (room === 0) return 0;
    const alerts = await ask(claimOutbox(owner, channel, room, [...underWay.keys()]));
    for (const alert of alerts) {
      limits.begin(channel);
      underWay.set(alert.id, carry(alert, channel, askedMs));
    }
    return alerts.length;
  }

  async function carry(alert: ClaimedAlert, channel: string, claimedMs: number): Promise<void> {
    const delivery = await deliver(alert, claimedMs);
    const trouble = delivery.kind === "failed" && delivery.trouble === "channel";
    limits.end(channel, trouble ? { closedForMs: delivery.retryAfterMs } : "fine", clock.monotonicMs());
    await settle(alert, settledBy(alert, delivery), delivery);
    underWay.delete(alert.id);
    wake();
  }

  async function deliver(alert: ClaimedAlert, claimedMs: number): Promise<Delivery> {
    const channel = Object.hasOwn(channels, alert.notifier) ? channels[alert.notifier] : undefined;
    if (!channel) return { kind: "impossible", why: `This Vane has no notifier ${alert.notifier}.` };
    // Stood still meanwhile: the lease may be another's.
    if (clock.monotonicMs() - claimedMs > LEASE_MS / 2) return notYet("It was claimed too long ago");
    try {
      return await channel.deliver(alert, stopping.signal);
    } catch (error) {
      return notYet(String(error));
    }
  }

  /** What was sent stays so: that the database is away is no reason to send it again. */
  async function settle(alert: ClaimedAlert, settled: Settled, delivery: Delivery): Promise<void> {
    for (;;) {
      try {
        const [row] = await ask(settleOutbox(owner, settled));
        say(alert, delivery, row?.state);
        onSettled?.(settled);
        return;
      } catch (error) {
        if (stopped) return;
        log.warn({ error: String(error) }, "Cannot write what became of an alert; trying again");
        await new Promise<void>((resolve) => void clock.wakeAfter(DATABASE_PAUSE_MS, resolve));
      }
    }
  }

  /** `why` belongs to the sentence: a terminal leaves out long fields, and it says what to do. */
  function say(
    { id, tries, dagId, runId }: ClaimedAlert,
    delivery: Delivery,
    state: string | undefined,
  ): void {
    const fields = { alert: id, tries, runId };
    if (delivery.kind === "sent") log.debug(fields, `An alert of ${dagId} was sent`);
    else if (state === "failed")
      log.error(fields, `An alert of ${dagId} could not be sent and is given up: ${delivery.why}`);
    else log.warn(fields, `An alert of ${dagId} could not be sent yet and is tried again: ${delivery.why}`);
  }

  return {
    ...loop,
    wake,
    async stop() {
      await loop.stop();
      const callOff = clock.wakeAfter(GRACE_MS, () => {
        stopping.abort(new Error("stopping"));
        stopped = true;
      });
      await Promise.all(underWay.values());
      callOff();
    },
  };
}

const notYet = (why: string): Delivery => ({
  kind: "failed",
  why,
  trouble: "message",
  mayHaveArrived: false,
});

function settledBy({ id, tries }: ClaimedAlert, delivery: Delivery): Settled {
  switch (delivery.kind) {
    case "sent":
      return { ...{ id, tries }, state: "sent", delayMs: 0, mayHaveArrived: false, why: null };
    case "impossible":
      return { ...{ id, tries }, state: "failed", delayMs: 0, mayHaveArrived: false, why: delivery.why };
    case "failed": {
      const { why, mayHaveArrived, retryAfterMs } = delivery;
      const delayMs = Math.max(retryDelayMs(tries), retryAfterMs ?? 0);
      return { ...{ id, tries }, state: "pending", delayMs, mayHaveArrived, why };
    }
  }
}

/** After the nth try. */
export const retryDelayMs = (tries: number) =>
  Math.min(FIRST_RETRY_MS * 2 ** Math.min(tries - 1, 20), LAST_RETRY_MS);
