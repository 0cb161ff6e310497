import { lstatSync, mkdirSync } from "node:fs";
import path from "node:path";
import type { ValueRef, WorkItem } from "../executor/protocol";

/** Values that are too big to be messages: `<run>/<task>/<map index>-<exec>-<name>.json`. */
export interface Objects {
  /** Where a runtime may put what it makes: the beginning of a path. */
  prefixFor(work: WorkItem): string;
  /** For the runtime: references become paths. Throws, with a sentence, when one leads nowhere. */
  readonly resolve: (value: ValueRef) => ValueRef;
  /** For the scheduler: paths under the prefix become references. Throws when it is no file of that attempt. */
  refer(value: ValueRef, prefix: string): ValueRef;
}

export function objectStore(root: string): Objects {
  const placed = (reference: string) => {
    const file = path.resolve(root, reference);
    if (!file.startsWith(root + path.sep)) throw new Error(`${reference} leads out of the object store.`);
    return file;
  };
  const bytesOf = (file: string) => {
    const stat = lstatSync(file, { throwIfNoEntry: false });
    return stat?.isFile() === true ? stat.size : undefined;
  };
  return {
    prefixFor(work) {
      const [task, index] = work.kind === "task" ? [work.taskId, work.mapIndex] : [work.kind, -1];
      return path.join(root, String(work.run.runKey), task, `${index}-${work.exec}`);
    },
    resolve(value) {
      if (!("reference" in value)) return value;
      const file = placed(value.reference);
      if (bytesOf(file) === undefined) {
        throw new Error(
          `The stored result ${value.reference} is gone: it was deleted, or another machine has it. Clear the task that made it.`,
        );
      }
      return { ...value, reference: file };
    },
    refer(value, prefix) {
      if (!("reference" in value)) return value;
      const bytes = bytesOf(value.reference);
      if (
        !value.reference.startsWith(`${prefix}-`) ||
        path.dirname(value.reference) !== path.dirname(prefix) ||
        bytes === undefined
      ) {
        throw new Error("The runtime named a file that is not its own.");
      }
      return { reference: path.relative(root, value.reference), bytes };
    },
  };
}

/** 0700, and only if it is not a link to somewhere else. */
export function ownFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!lstatSync(folder).isDirectory()) throw new Error(`${folder} is not a folder.`);
  return folder;
}
