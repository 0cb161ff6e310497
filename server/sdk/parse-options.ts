import type { z } from "zod";
import { ERRORS, type ErrorCode } from "../platform/errors";
import { loadError, type Place } from "./place";

interface Subject {
  /** "Task fetch_locks", for the sentence. */
  readonly what: string;
  readonly code: ErrorCode;
  readonly place: Place;
}

/** Parses what an author wrote; the first thing that is wrong becomes a load error at that place. */
export function parseOptions<T>(schema: z.ZodType<T>, written: unknown, { what, code, place }: Subject): T {
  const parsed = schema.safeParse(written);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.join(".") ?? "";
  const sentence = `${what}${path === "" ? "" : `, ${path}`}: ${sentenceOf(issue)}`;
  throw loadError(codeOf(issue) ?? code, sentence, place);
}

function sentenceOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === "unrecognized_keys") return `there is no option ${issue.keys.join(", ")}.`;
  const message = issue?.message ?? "is not valid";
  return message.endsWith(".") ? message : `${message}.`;
}

/** Checks of ours that have a code of their own say so in the issue. */
function codeOf(issue: z.core.$ZodIssue | undefined): ErrorCode | undefined {
  const code: unknown = issue?.code === "custom" ? issue.params?.["code"] : undefined;
  return typeof code === "string" && code in ERRORS ? (code as ErrorCode) : undefined;
}
