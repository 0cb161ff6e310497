"use client";

import { useSignIn } from "../mutations/use-sign-in";
import { SignInForm } from "./sign-in-form";

/** @param next a path of our own, which the page has checked */
export function SignIn({ next }: { readonly next: string }) {
  const { state, signIn } = useSignIn(() => {
    // By a load of its own, so that nothing known without a session is left.
    location.assign(next);
  });
  return <SignInForm state={state} onSubmit={signIn} />;
}
