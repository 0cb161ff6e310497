import type { TRPCClientErrorLike } from "@trpc/client";
import type { AppRouter } from "../../server/api/root";

export type RequestError = TRPCClientErrorLike<AppRouter>;

/** What was not done, for a person: as Vane says it, or that it did not say anything. */
export type Failure =
  | { readonly kind: "unanswered" }
  | { readonly kind: "failed"; readonly sentence: string; readonly errorId: string };

export function failureOf({ data, message }: RequestError): Failure {
  return data ? { kind: "failed", sentence: message, errorId: data.errorId } : { kind: "unanswered" };
}

/** Of a part that only reads: what Vane said, if it did. */
export const sentenceOf = ({ data, message }: RequestError): string =>
  data ? message : "Vane does not answer.";

export function failureInWords(error: RequestError): string {
  const failure = failureOf(error);
  switch (failure.kind) {
    case "unanswered":
      return "Vane does not answer. Try again when it is back: nothing happens twice.";
    case "failed":
      return `${failure.sentence} Error ${failure.errorId}`;
  }
}
