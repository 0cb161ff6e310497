"use client";

import { useMutation, type UseMutationResult } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "../../server/api/root";
import type { SignIn } from "../../server/domain/account";
import { useTRPC } from "../trpc/trpc";
import { failureOf, type Failure, type RequestError } from "./failure";

type Answer = inferRouterOutputs<AppRouter>["door"]["signIn"];

/** What the form shows of its last try. */
export type SignInState =
  | { readonly kind: "idle" | "sending" }
  | Exclude<Answer, { kind: "throttled" }>
  | { readonly kind: "throttled"; readonly until: Date }
  | Failure;

/** @param onSignedIn leads away from the form */
export function useSignIn(onSignedIn: () => void) {
  const trpc = useTRPC();
  const signIn = useMutation(
    trpc.door.signIn.mutationOptions({
      // A try that got no answer may have been counted: the next one is the person's to make.
      retry: false,
      onSuccess: ({ kind }) => {
        if (kind === "signed_in") onSignedIn();
      },
    }),
  );
  return { state: signInState(signIn), signIn: signIn.mutate };
}

function signInState(signIn: UseMutationResult<Answer, RequestError, SignIn>): SignInState {
  switch (signIn.status) {
    case "idle":
      return { kind: "idle" };
    case "pending":
      return { kind: "sending" };
    case "error":
      return failureOf(signIn.error);
    case "success": {
      const { data, submittedAt } = signIn;
      if (data.kind !== "throttled") return data;
      return { kind: "throttled", until: new Date(submittedAt + data.retryAfterSeconds * 1_000) };
    }
  }
}
