import type { DagId, Exec } from "../domain/ids";
import type { FromScheduler, FromWorker, WorkItem } from "../executor/protocol";
import type { Answer, Question } from "./attempt";

interface Open {
  readonly work: WorkItem;
  readonly question: Question;
}

type Reply = Extract<FromScheduler, { type: "connection" | "variable" }>;

/** What runtimes have asked and no scheduler has answered yet. Without an owner a question waits for the next one. */
export interface OpenQuestions {
  add(work: WorkItem, question: Question): FromWorker;
  ofDag(dagId: DagId): FromWorker[];
  /** The first answer counts. */
  take(reply: Reply): { readonly exec: Exec; readonly answer: Answer } | undefined;
  /** The attempt is over. */
  drop(exec: Exec): void;
}

export function openQuestions(): OpenQuestions {
  const open = new Map<number, Open>();
  let last = 0;
  const message = (query: number, { work: { exec }, question }: Open): FromWorker =>
    question.type === "need_connection"
      ? { type: "need_connection", query, exec, id: question.id }
      : { type: "need_variable", query, exec, key: question.key };
  return {
    add(work, question) {
      last += 1;
      open.set(last, { work, question });
      return message(last, { work, question });
    },
    ofDag(dagId) {
      return [...open].flatMap(([query, one]) => (one.work.dagId === dagId ? [message(query, one)] : []));
    },
    take(reply) {
      const found = open.get(reply.query);
      if (!found || found.question.type !== `need_${reply.type}`) return undefined;
      open.delete(reply.query);
      return { exec: found.work.exec, answer: { ...reply, query: found.question.query } };
    },
    drop(exec) {
      for (const [query, { work }] of open) if (work.exec === exec) open.delete(query);
    },
  };
}
