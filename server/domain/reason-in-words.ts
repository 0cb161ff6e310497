import type { Reason } from "./task-instance";

/** Why something ended as it did, for a person. */
const SENTENCES: Readonly<Record<Reason, string>> = {
  returned: "It returned.",
  skip_thrown: "The task skipped itself.",
  error: "The task threw an error.",
  exited: "Its process ended without a result.",
  timeout: "It took longer than its timeout.",
  upstream: "A task before it did not succeed.",
  node_gone: "The DAG does not have this task any more.",
  lost: "Its worker was lost.",
  interrupted: "Its worker was stopped too often.",
  queue_timeout: "No worker took it in time.",
  params_invalid: "The params did not pass the DAG's own checks.",
  deadlock: "Nothing in the run could move any more.",
  cancelled: "Somebody cancelled it.",
  run_timeout: "The run took longer than its timeout.",
  marked: "Somebody marked it.",
  answered: "Somebody answered it.",
  cleared: "It was cleared while it ran.",
};

export const reasonInWords = (reason: Reason) => SENTENCES[reason];
