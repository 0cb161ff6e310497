import { isSecretName, secretTexts } from "../domain/connection";
import type { ConnectionFacts, WorkItem } from "../executor/protocol";
import { VaneError } from "../platform/errors";
import type { AttemptHost } from "../sdk/inside";
import type { FromRuntime, ToRuntime } from "./protocol";

type Answer<Type> = Extract<ToRuntime, { type: Type }>;
type Question = Extract<FromRuntime, { type: "need_connection" | "need_variable" }>;

export interface Questions {
  readonly connection: (id: string) => Promise<ConnectionFacts>;
  readonly variable: (key: string) => Promise<string>;
  /** The worker's answer to one of them. */
  take(message: Answer<"connection"> | Answer<"variable">): void;
}

/** What a task asks of its worker while it runs. Without a scheduler a question waits. */
export function questions(
  send: (message: Question) => void,
  onSecrets: (secrets: readonly string[]) => void,
): Questions {
  const open = new Map<number, (message: Answer<"connection"> | Answer<"variable">) => void>();
  let last = 0;

  const ask = (make: (query: number) => Question) =>
    new Promise<Answer<"connection"> | Answer<"variable">>((resolve) => {
      last += 1;
      open.set(last, resolve);
      send(make(last));
    });

  return {
    async connection(id) {
      const { answer } = await ask((query) => ({ type: "need_connection", query, id }));
      if ("refused" in answer) throw new VaneError("connection.refused", answer.refused);
      if ("value" in answer) throw new Error(`A variable came as the answer to connection ${id}.`);
      onSecrets(secretTexts(answer.secrets));
      return answer;
    },
    async variable(key) {
      const { answer } = await ask((query) => ({ type: "need_variable", query, key }));
      if ("refused" in answer) throw new VaneError("variable.refused", answer.refused);
      if (!("value" in answer)) throw new Error(`A connection came as the answer to variable ${key}.`);
      if (isSecretName(key)) onSecrets([answer.value]);
      return answer.value;
    },
    take(message) {
      open.get(message.query)?.(message);
      open.delete(message.query);
    },
  };
}

export interface HostParts {
  readonly questions: Questions;
  readonly controller: AbortController;
  readonly pushed: Map<string, string>;
  readonly log: AttemptHost["log"];
}

export interface WatchedHost {
  readonly host: AttemptHost;
  /** Whether the task can know that it is to end. */
  readonly signalWasSeen: () => boolean;
}

/** What `context()` tells: of an attempt, or of the one that a callback is about. */
export function attemptHost(
  { run, dagId }: WorkItem,
  { taskId, mapIndex, attempt }: Pick<AttemptHost, "taskId" | "mapIndex" | "attempt">,
  { questions: { connection, variable }, controller, pushed, log }: HostParts,
): WatchedHost {
  let seen = false;
  const host: AttemptHost = {
    ...{ run, dagId, taskId, mapIndex, attempt, log, connection, variable },
    get signal() {
      seen = true;
      return controller.signal;
    },
    push(key, json) {
      pushed.set(key, json);
    },
  };
  return { host, signalWasSeen: () => seen };
}
