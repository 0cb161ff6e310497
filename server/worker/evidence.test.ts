import { expect, it } from "vitest";
import { evidenceOf } from "./evidence";

const EXIT = { exitCode: null, signal: null, lastWords: "", rssBytes: undefined };
const OOM = "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory";

it.each([
  [{ ...EXIT, exitCode: 0 }, undefined, /ended its own process .*exit code 0.*process\.exit/],
  [{ ...EXIT, exitCode: 7 }, undefined, /exit code 7/],
  [{ ...EXIT, signal: "SIGKILL", rssBytes: 300 * 2 ** 20 }, undefined, /not by its worker.*300 MB/],
  [{ ...EXIT, signal: "SIGABRT", lastWords: OOM }, undefined, /ran out of memory.*heap limit/],
  [
    { ...EXIT, signal: "SIGKILL", closedChannel: true },
    undefined,
    /closed the channel .*process\.disconnect/,
  ],
  [{ ...EXIT, signal: "SIGSEGV" }, undefined, /ended by SIGSEGV/],
  [{ ...EXIT, signal: "SIGKILL" }, "it was cleared", /^Vane ended the task: it was cleared\.$/],
])("says in a sentence why a process is gone: %#", (exit, endedFor, sentence) => {
  expect(evidenceOf(exit, endedFor)).toMatch(sentence);
});
