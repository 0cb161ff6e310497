import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { canonicalJson } from "../domain/canonical-json";
import type { DagId } from "../domain/ids";
import { Json, SerializedDag } from "../domain/serialized-dag";
import { structureHash } from "../sdk/structure-hash";
import type { Bundle, Bundler } from "./bundle";
import type { ChildEnding, ChildLimits, ChildPool } from "./child-pool";
import { CHANNEL_CLOSED, LoadAnswer } from "./child-protocol";
import { importError, type ImportError } from "./import-error";
import { placeInStack, trimStack, type Place } from "./place";
import type { Inputs } from "./source-plugin";

export interface LoadedDag {
  readonly id: DagId;
  /** Canonical JSON of its SerializedDag. */
  readonly structure: string;
  readonly structureHash: string;
  readonly pausedOnCreation: boolean;
  /** Where `dag(...)` is called. */
  readonly place: Place | undefined;
}

export interface LoadWarning {
  readonly code: string;
  readonly sentence: string;
  readonly place: Place | undefined;
}

/** What one DAG file is; `loaded` with no DAG at all is a helper that happens to stand among them. */
export type LoadedFile =
  | {
      readonly kind: "loaded";
      readonly bundle: Bundle;
      readonly dags: readonly LoadedDag[];
      readonly warnings: readonly LoadWarning[];
    }
  | { readonly kind: "failed"; readonly error: ImportError };

interface Loading {
  readonly bundler: Bundler;
  readonly children: ChildPool;
  readonly limits: ChildLimits;
  readonly childEntry: string;
  /** Folder for the names of compiled scripts. */
  readonly home: string;
}

/** Bundles a DAG file and has it loaded in a child. Whatever the file does, the answer is a value. */
export async function loadFile(
  { bundler, children, limits, childEntry, home }: Loading,
  file: string,
): Promise<{ readonly result: LoadedFile; readonly inputs: Inputs }> {
  children.warm(); // while esbuild works
  const bundled = await bundler.bundle(file);
  const { inputs } = bundled;
  if (bundled.kind === "failed") return { result: bundled, inputs };

  const { bundle } = bundled;
  const bundlePath = path.join(home, "bundles", `${bundle.hash}.cjs`);
  const { code, sourceMap } = bundle;
  const ending = await children.load({ code, sourceMap, file, bundlePath });
  const sources = new Set(inputs.keys());
  if (ending.kind !== "answered") {
    return { result: { kind: "failed", error: explainEnding(ending, limits) }, inputs };
  }
  const answer = parseAnswer(ending.json);
  if (answer.kind === "unreadable") {
    return { result: { kind: "failed", error: unreadable(answer.why) }, inputs };
  }
  if (answer.kind === "failed") {
    const { code: errorCode, sentence, stack } = answer.error;
    const shown = trimStack(stack, sources, childEntry);
    const error = await placed(errorCode, sentence, shown, placeInStack(stack, sources));
    return { result: { kind: "failed", error }, inputs };
  }
  return { result: await checkDags(answer, bundle, sources), inputs };
}

type Loaded = Extract<LoadAnswer, { kind: "loaded" }>;

async function checkDags(answer: Loaded, bundle: Bundle, sources: ReadonlySet<string>): Promise<LoadedFile> {
  const dags: LoadedDag[] = [];
  for (const { dag, stack } of answer.dags) {
    const place = placeInStack(stack, sources);
    const parsed = SerializedDag.safeParse(dag);
    if (!parsed.success) {
      return { kind: "failed", error: await placed("dag.invalid", problems(parsed.error), undefined, place) };
    }
    const { id, settings } = parsed.data;
    if (dags.some((other) => other.id === id)) {
      const sentence = `the DAG id "${id}" stands twice in this file. Give one of the two another id.`;
      return { kind: "failed", error: await placed("dag.duplicate_id", sentence, undefined, place) };
    }
    dags.push({
      id,
      structure: canonicalJson(Json.parse(parsed.data)),
      structureHash: structureHash(parsed.data),
      pausedOnCreation: settings.pausedOnCreation,
      place,
    });
  }
  const warnings = answer.warnings.map(({ code, sentence, stack }) => {
    return { code, sentence: sentence.slice(0, 2_000), place: placeInStack(stack, sources) };
  });
  return { kind: "loaded", bundle, dags, warnings };
}

const problems = (error: z.ZodError) =>
  `what this DAG became cannot be read: ${z.prettifyError(error).split("\n").slice(0, 3).join(" ")}.`;

function parseAnswer(json: string): LoadAnswer | { readonly kind: "unreadable"; readonly why: string } {
  try {
    const answer = LoadAnswer.safeParse(JSON.parse(json));
    return answer.success ? answer.data : { kind: "unreadable", why: z.prettifyError(answer.error) };
  } catch (error) {
    return { kind: "unreadable", why: String(error) };
  }
}

const unreadable = (why: string) =>
  importError(
    "import.unreadable",
    "what came back from loading this file cannot be read. Does it, or a package that it imports, change built-in prototypes or write to other processes' channels?",
    { stack: why },
  );

function explainEnding(ending: Exclude<ChildEnding, { kind: "answered" }>, limits: ChildLimits): ImportError {
  switch (ending.kind) {
    case "too_slow": {
      return importError(
        "import.timeout",
        `loading took more than ${limits.timeMs / 1_000} s and was ended. Is there an endless loop, or slow work outside of a task? Move work into a task.`,
      );
    }
    case "too_much": {
      const megabytes = limits.answerBytes / 1_000_000;
      return importError(
        "import.output_too_big",
        `its DAGs (or the error that it throws) take more than ${megabytes} MB as data. Make fewer tasks, or spread them over files.`,
      );
    }
    case "gone": {
      return explainExit(ending, limits);
    }
  }
}

type Gone = Extract<ChildEnding, { kind: "gone" }>;

function explainExit({ exitCode, signal, lastWords }: Gone, { heapMb }: ChildLimits): ImportError {
  if (/heap out of memory|allocation failed/i.test(lastWords)) {
    const sentence = `loading needed more than ${heapMb} MB of memory. Load data in a task, not at the top of a file.`;
    return importError("import.out_of_memory", sentence);
  }
  if (signal !== null) {
    return importError("import.killed", `loading was ended by ${signal}. Look for what sends it.`);
  }
  if (exitCode === null || exitCode === CHANNEL_CLOSED) {
    const sentence =
      "the file closes a file descriptor that is not its own: the one over which its DAGs are read.";
    return importError("import.channel_closed", sentence);
  }
  const sentence = `the process that loads this file ended with exit code ${exitCode} before it was done.`;
  return importError("import.exited", sentence, { stack: lastWords || undefined });
}

async function placed(code: string, sentence: string, stack: string | undefined, place: Place | undefined) {
  const source = place && (await readFile(place.file, "utf8").catch(() => undefined));
  return importError(code, sentence, { place, stack, source });
}
