"use client";

import "./jitless";
import { zodResolver } from "@hookform/resolvers/zod";
import { Check, Circle } from "lucide-react";
import { useForm, useWatch } from "react-hook-form";
import { PASSWORD_MIN, SetUp } from "../../server/domain/account";
import { buttonClass } from "../ui/button-class";
import { PasswordField, TextField } from "../ui/field";
import { FormAlert } from "../ui/form-alert";

const Typed = SetUp.omit({ token: true });
export type TypedSetUp = Omit<SetUp, "token">;

interface Props {
  readonly busy: boolean;
  /** Why the last try was not taken. */
  readonly refused: string | undefined;
  readonly onSubmit: (typed: TypedSetUp) => void;
}

export function SetUpForm({ busy, refused, onSubmit }: Props) {
  const { register, handleSubmit, control, formState } = useForm<TypedSetUp>({
    resolver: zodResolver(Typed),
    defaultValues: { name: "", email: "", password: "" },
    mode: "onTouched",
  });
  const { errors } = formState;
  const password = useWatch({ control, name: "password" });
  return (
    <form
      noValidate
      className="mt-4 grid gap-4"
      onSubmit={(event) => {
        void handleSubmit((typed) => {
          if (!busy) onSubmit(typed);
        })(event);
      }}
    >
      <TextField
        label="Name"
        autoComplete="name"
        autoFocus
        problem={errors.name?.message}
        {...register("name")}
      />
      <TextField
        label="Email"
        type="email"
        autoComplete="username"
        spellCheck={false}
        autoCapitalize="none"
        problem={errors.email?.message}
        {...register("email")}
      />
      <PasswordField
        label="Password"
        autoComplete="new-password"
        problem={errors.password?.message}
        hint={<LongEnough met={password.length >= PASSWORD_MIN} />}
        {...register("password")}
      />
      {refused !== undefined && <FormAlert>{refused}</FormAlert>}
      <button
        type="submit"
        aria-disabled={busy}
        className={`mt-1.5 ${buttonClass({ kind: "primary", size: "large", wide: true })}`}
      >
        {busy ? "Creating…" : "Create the admin"}
      </button>
    </form>
  );
}

function LongEnough({ met }: { readonly met: boolean }) {
  const Icon = met ? Check : Circle;
  return (
    <span className="flex gap-1.5">
      <Icon size={14} strokeWidth={1.75} className="mt-px flex-none" aria-label={met ? "Met:" : "Not yet:"} />
      At least {PASSWORD_MIN} characters
    </span>
  );
}
