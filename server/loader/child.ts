import { readSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { loadBundle } from "../runtime/load-bundle";
import { sdk } from "../runtime/sdk";
import { dag } from "../sdk/dag";
import { beginLoad, dagsOf } from "../sdk/registry";
import { AHEAD, CHANNEL_CLOSED, LOADER_FD, LoadRequest, type LoadAnswer } from "./child-protocol";

/*
 * Entry of a loader child: loads one bundle, says what DAGs it exports, and waits to be ended. Reads and writes block,
 * so that nothing the file has started (timers, sockets) gets a turn. What is used after user code has run is taken
 * before, since user code may have put its own in place.
 */
const { stringify } = JSON;
const exit = process.exit.bind(process);
const PlainError = Error;
const bufferFrom = Buffer.from.bind(Buffer);
const keysOfAll = Object.keys.bind(Object, Object.prototype);

type Failed = Extract<LoadAnswer, { kind: "failed" }>;
let answered = false;

if (process.argv.includes(AHEAD)) warmUp();
const line = readLine();
if (line === undefined) exit(0);
const { file, ...bundle } = LoadRequest.parse(JSON.parse(line ?? ""));

process.on("exit", (code) => {
  const call = `process.exit(${code === 0 ? "" : code})`;
  const sentence = `the file ends the process (${call}) while it is loaded. Leave that out: no DAG file may.`;
  const { stack = "" } = new PlainError(sentence); // within process.exit: it shows who called that
  answer({ kind: "failed", error: { code: "import.exited", sentence, stack } });
});
answer(load());
readLine();

/** A child that waits for its file has time: the project's zod, in most DAG files, and a first DAG take some 100 ms. */
function warmUp() {
  try {
    createRequire(path.resolve("package.json"))("zod");
  } catch {
    // a project without it
  }
  dag({ id: "warm_up" }, () => undefined);
}

function load(): LoadAnswer {
  try {
    beginLoad();
    const { dags, warnings } = dagsOf(loadBundle({ ...bundle, file, sdk }));
    return {
      kind: "loaded",
      dags: dags.map(({ inside }) => ({ dag: inside.serialized, stack: inside.stack })),
      warnings: warnings.map(({ code, sentence, stack }) => ({ code, sentence, stack })),
    };
  } catch (error) {
    return describe(error);
  }
}

function describe(thrown: unknown): Failed {
  try {
    if (!(thrown instanceof PlainError)) {
      const sentence = `the file throws ${shown(thrown)} while it is loaded, not an Error. Throw an Error with a message.`;
      return { kind: "failed", error: { code: "import.threw", sentence, stack: "" } };
    }
    const stack = String(thrown.stack);
    if ("sentence" in thrown && "code" in thrown) {
      return {
        kind: "failed",
        error: { code: String(thrown.code), sentence: String(thrown.sentence), stack },
      };
    }
    // Node adds the whole way of requires from the second line on.
    const [message = ""] = thrown.message.split("\n");
    const sentence = `${thrown.name}: ${message}${/[.!?]$/.test(message) ? "" : "."}${pollution()}`;
    return { kind: "failed", error: { code: "import.failed", sentence, stack } };
  } catch {
    const sentence = "the file throws something that cannot be looked at while it is loaded. Throw an Error.";
    return { kind: "failed", error: { code: "import.threw", sentence, stack: "" } };
  }
}

function shown(thrown: unknown): string {
  return typeof thrown === "string" ? stringify(thrown) : String(thrown);
}

function pollution(): string {
  const added = keysOfAll();
  if (added.length === 0) return "";
  return ` (It, or a package that it imports, added ${added.join(", ")} to every object by Object.prototype.)`;
}

function answer(words: LoadAnswer) {
  if (answered) return;
  answered = true;
  const bytes = bufferFrom(`${stringify(words)}\n`, "utf8");
  try {
    for (let sent = 0; sent < bytes.length;) sent += writeSync(LOADER_FD, bytes, sent);
  } catch {
    exit(CHANNEL_CLOSED);
  }
}

/** undefined: the loader is gone. */
function readLine(): string | undefined {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.alloc(65_536);
    const length = readSync(LOADER_FD, chunk, 0, chunk.length, null);
    if (length === 0) return undefined;
    chunks.push(chunk.subarray(0, length));
    if (chunk[length - 1] === 10) return Buffer.concat(chunks).toString("utf8");
  }
}
