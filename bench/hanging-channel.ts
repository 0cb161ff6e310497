import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { z } from "zod";
import { median } from "./statistics";
import { startSystem, until, type System } from "./system";
import type { Workload } from "./workload";

/*
 * The same workload on one system, in turns: while a channel answers its alerts, and while it hangs with one. Both sides
 * have the same failures behind them and the same alerts to send; only that nobody answers makes the difference.
 */
const FAILS = `
import { dag, task } from "vane";
import { telegram } from "vane/notify";

const fails = task("fails", async () => {
  throw new Error("as planned");
});

export default dag({ id: "fails", onFailure: telegram() }, () => {
  fails();
});
`;

export async function besideHangingChannel(of: Workload, runs: number, options: { readonly tasks: number }) {
  const channel = await startChannel();
  const telegram = {
    conn_type: "telegram",
    host: "@bench",
    password: "1:bench",
    extra: { apiRoot: channel.url },
  };
  const system = await startSystem(
    { ...of.files, "fails.ts": FAILS },
    { VANE_CONN_TELEGRAM_DEFAULT: JSON.stringify(telegram) },
  );
  const { db } = system;
  try {
    await until(db, "select 1 from dag having count(current_version) = $1", [
      Object.keys(of.files).length + 1,
    ]);
    await of.measure(system, options);
    const answering: number[] = [];
    const hanging: number[] = [];
    for (let i = 0; i < runs; i += 1) {
      channel.answer();
      await failOnce(system);
      await channel.answered();
      answering.push(await of.measure(system, options));
      channel.hang();
      await failOnce(system);
      await channel.holdsOne();
      hanging.push(await of.measure(system, options));
    }
    const facts = await of.check(system);
    const medians = { answering: median(answering), hanging: median(hanging) };
    return {
      ...{ workload: of.name, title: `${of.title}, while a channel hangs`, unit: of.unit },
      ...{ target: "at most 10 % above a channel that answers", median: medians.hanging, values: hanging },
      ...{ answering: { median: medians.answering, values: answering } },
      ...{ ratio: medians.hanging / medians.answering, ...facts },
    };
  } finally {
    await system.stop();
    channel.stop();
  }
}

async function failOnce({ db, trigger }: System): Promise<void> {
  const runId = await trigger("fails");
  await until(db, "select 1 from dag_run where run_id = $1 and ended_at is not null", [runId]);
}

const Port = z.object({ port: z.int() });

/** As much of Telegram as takes a message, or takes it and says nothing. */
async function startChannel() {
  const held = new Set<ServerResponse>();
  let hangs = false;
  let wake = () => {};
  let answers = 0;
  let heard = 0;
  const respond = (response: ServerResponse) => {
    held.delete(response);
    answers += 1;
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ ok: true, result: { message_id: answers } }));
    wake();
  };
  const server = createServer((request, response) => {
    request.resume();
    held.add(response);
    response.on("close", () => held.delete(response));
    if (hangs) wake();
    else respond(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  async function when(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (wake = resolve));
  }
  return {
    url: `http://127.0.0.1:${Port.parse(server.address()).port}`,
    hang() {
      hangs = true;
    },
    /** What hung is answered, too. */
    answer() {
      hangs = false;
      for (const response of held) respond(response);
      heard = answers;
    },
    /** Something, since it was told to answer. */
    answered: () => when(() => answers > heard),
    holdsOne: () => when(() => held.size > 0),
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
