import { connectClient, openPool } from "../db/pool";
import { beatService } from "../db/process-beat";
import { openSession } from "../db/session";
import type { Statement } from "../db/sql/statement";
import { ProcessId } from "../domain/ids";
import { deliveryService } from "../notify/deliver";
import { telegramChannel } from "../notify/telegram";
import { systemClock } from "../platform/clock";
import type { Log } from "../platform/log";
import type { Running } from "../platform/running";
import type { SecretOptions } from "../secrets/options";
import { resolveConnection } from "../secrets/resolve";

interface Options {
  readonly databaseUrl: string;
  /** For links in alerts. */
  readonly publicUrl: string;
  readonly secrets: SecretOptions;
  readonly log: Log;
}

/** Delivers what the outbox holds for notifiers. Any number may run: each alert is claimed by one of them. */
export async function startTriggerer({ databaseUrl, publicUrl, secrets, log }: Options): Promise<Running> {
  const clock = systemClock(() => 0);
  const db = openPool(databaseUrl, { name: "triggerer", max: 1 });
  const beat = beatService({
    run: (work) => work(db),
    clock,
    process: { kind: "triggerer" },
    onPass(outcome) {
      if ("error" in outcome)
        log.warn({ error: String(outcome.error) }, "The database does not take the beat.");
    },
  });
  await beat.begin();

  const session = openSession({
    connect: () => connectClient(databaseUrl, { name: "triggerer outbox" }),
    ...{ clock, channels: ["vane_outbox"] },
    onNotification: () => {
      delivery.wake();
    },
    // What was notified meanwhile was missed.
    onConnected: () => {
      delivery.wake();
    },
  });
  const ask = <Row>(statement: Statement<Row>) => session.query(statement);
  const delivery = deliveryService({
    owner: ProcessId.parse(crypto.randomUUID()),
    ask,
    channels: {
      telegram: telegramChannel({
        publicUrl,
        connectionOf: (id) => resolveConnection({ ...secrets, ask }, id),
      }),
    },
    ...{ clock, log },
    onPass(outcome) {
      if ("error" in outcome)
        log.warn({ error: String(outcome.error) }, "Cannot read the outbox; trying again");
    },
  });
  delivery.start();
  log.info({}, "Triggerer is up.");

  return {
    failed: new Promise<never>(() => undefined),
    async stop() {
      await delivery.stop();
      await session.stop();
      await beat.stop();
      await db.end();
    },
  };
}
