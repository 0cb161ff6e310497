"use client";

import "./jitless";
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { SignIn } from "../../server/domain/account";
import type { SignInState } from "../mutations/use-sign-in";
import { buttonClass } from "../ui/button-class";
import { PasswordField, TextField } from "../ui/field";
import { FormAlert } from "../ui/form-alert";
import { signInWords } from "./sign-in-words";

interface Props {
  readonly state: SignInState;
  readonly onSubmit: (typed: SignIn) => void;
}

export function SignInForm({ state, onSubmit }: Props) {
  const { register, handleSubmit, formState } = useForm<SignIn>({
    resolver: zodResolver(SignIn),
    defaultValues: { email: "", password: "" },
    // What is missing is said when it is sent; a password manager fills in both a moment after they were left.
    mode: "onSubmit",
  });
  const { errors } = formState;
  const refused = signInWords(state);
  const busy = state.kind === "sending" || state.kind === "signed_in";
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        void handleSubmit((typed) => {
          if (!busy) onSubmit(typed);
        })(event);
      }}
    >
      <TextField
        label="Email"
        type="email"
        autoComplete="username"
        autoFocus
        spellCheck={false}
        autoCapitalize="none"
        problem={errors.email?.message}
        {...register("email")}
      />
      <PasswordField
        label="Password"
        autoComplete="current-password"
        problem={errors.password?.message ?? (state.kind === "wrong" ? refused : undefined)}
        {...register("password")}
      />
      {refused !== undefined && state.kind !== "wrong" && <FormAlert>{refused}</FormAlert>}
      <button
        type="submit"
        aria-disabled={busy}
        className={`mt-1.5 ${buttonClass({ kind: "primary", size: "large", wide: true })}`}
      >
        {busy ? "Signing in…" : "Sign in"}
      </button>
    </form>
  );
}
