import { noteConnectionUse } from "../db/sql/note-connection-use";
import type { Exec } from "../domain/ids";
import type { FromScheduler, FromWorker } from "../executor/protocol";
import type { WorkerLink } from "../executor/worker-link";
import { resolveConnection, resolveVariable, type SecretSources } from "../secrets/resolve";
import { rotateSecrets } from "../secrets/rotate";
import type { Engine } from "./engine";
import { dagOfExec, taskOfExec, workerOf } from "./live-execs";

type Question = Extract<FromWorker, { type: "need_connection" | "need_variable" }>;
type Asked = Pick<
  Engine,
  "execs" | "callbackExecs" | "checkExecs" | "secrets" | "session" | "clock" | "log" | "stopped"
>;
type Answer = Extract<FromScheduler, { type: "connection" | "variable" }>;

const FIRST_PAUSE_MS = 200;
const LAST_PAUSE_MS = 2_000;

/** While the database is away the task waits: it is asked again until there is an answer, or nobody to hear it. */
export async function answerSecret(engine: Asked, link: WorkerLink, question: Question): Promise<void> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS)) {
    const answer = await answerTo(engine, link, question).catch((error: unknown) => {
      engine.log.warn({ error: String(error) }, "Cannot read a connection or variable; trying again");
      return undefined;
    });
    // A link that closed meanwhile has asked again over its next one.
    if (engine.stopped || !link.connected) return;
    if (answer) {
      link.send(answer);
      if (question.type === "need_connection" && !("refused" in answer.answer)) noteUse(engine, question);
      return;
    }
    await new Promise<void>((resolve) => void engine.clock.wakeAfter(pauseMs, resolve));
  }
}

async function answerTo(engine: Asked, link: WorkerLink, question: Question): Promise<Answer> {
  const sources = sourcesOf(engine);
  const { query, exec } = question;
  if (question.type === "need_connection") {
    const found = await resolveIfCurrent(engine, link, exec, () => resolveConnection(sources, question.id));
    return { type: "connection", query, answer: found };
  }
  const found = await resolveIfCurrent(engine, link, exec, () => resolveVariable(sources, question.key));
  return { type: "variable", query, answer: found };
}

/** For people only, so that nobody waits for it, and a note that is lost is made at the next use. */
function noteUse(engine: Asked, { exec, id }: Pick<Question & { type: "need_connection" }, "exec" | "id">) {
  const dagId = dagOfExec(engine, exec)?.dagId;
  if (dagId === undefined) return;
  const use = noteConnectionUse({ id, dagId, taskId: taskOfExec(engine, exec) });
  engine.session.query(use).catch((error: unknown) => {
    engine.log.debug({ error: String(error) }, "The use of a connection was not noted");
  });
}

const NOT_CURRENT = {
  refused: "This attempt is not the current one any more, so that it is told nothing secret.",
};

/** Looked at before and after: what ended while the database was asked is told nothing. */
async function resolveIfCurrent<T>(engine: Asked, link: WorkerLink, exec: Exec, resolve: () => Promise<T>) {
  if (!isCurrent(engine, link, exec)) return NOT_CURRENT;
  const found = await resolve();
  return isCurrent(engine, link, exec) ? found : NOT_CURRENT;
}

const isCurrent = (engine: Asked, { worker }: WorkerLink, exec: Exec) => workerOf(engine, exec) === worker;

/** At each connect, so that a rotation that was cut off goes on. */
export async function renewSecrets(engine: Asked): Promise<void> {
  const { renewed, unreadable } = await rotateSecrets(sourcesOf(engine));
  if (renewed > 0) engine.log.info({ renewed }, "Secrets were encrypted anew, with the first key");
  if (unreadable > 0) {
    engine.log.warn(
      { unreadable },
      "Some connections or variables are under a key that is not in .vane/key.json, or damaged",
    );
  }
}

const sourcesOf = ({ secrets, session }: Asked): SecretSources => ({
  ...secrets,
  ask: (statement) => session.query(statement),
});
