"use client";

import { Field as Base } from "@base-ui/react/field";
import { CircleAlert, Eye, EyeOff } from "lucide-react";
import { useState, type ComponentProps, type ReactNode } from "react";
import { IconButton } from "./icon-button";

interface Props extends Omit<ComponentProps<typeof Base.Control>, "className" | "type"> {
  readonly label: string;
  readonly type?: "text" | "email";
  /** What is wrong and what to do. */
  readonly problem?: string | undefined;
  /** What holds whether or not something is wrong. */
  readonly hint?: ReactNode;
}

const INPUT =
  "h-9 w-full rounded-control border border-border-3 bg-surface-1 px-2 text-13 outline-(--focus) focus:outline-2 focus:-outline-offset-1 data-invalid:border-failed data-invalid:shadow-[inset_0_0_0_1px_var(--failed)] max-md:h-11 max-md:text-[16px]";

/** A line of text with its label above, and below it what is wrong. */
export function TextField({ label, type = "text", problem, hint, ...input }: Props) {
  return (
    <Labelled {...{ label, problem, hint }} name={input.name}>
      <Base.Control className={INPUT} type={type} {...input} />
    </Labelled>
  );
}

/** The same for a password, which can be shown. */
export function PasswordField({ label, problem, hint, ...input }: Omit<Props, "type">) {
  const [shown, setShown] = useState(false);
  return (
    <Labelled {...{ label, problem, hint }} name={input.name}>
      <span className="relative block">
        <Base.Control className={`${INPUT} pr-10`} type={shown ? "text" : "password"} {...input} />
        <span className="absolute inset-y-0 right-1.5 flex items-center">
          <IconButton
            label={shown ? "Hide the password" : "Show the password"}
            icon={shown ? EyeOff : Eye}
            className="max-md:size-9"
            onClick={() => {
              setShown(!shown);
            }}
          />
        </span>
      </span>
    </Labelled>
  );
}

interface LabelledProps extends Pick<Props, "label" | "problem" | "hint"> {
  readonly name: string | undefined;
  readonly children: ReactNode;
}

function Labelled({ label, problem, hint, name, children }: LabelledProps) {
  return (
    <Base.Root {...(name && { name })} invalid={problem !== undefined}>
      <Base.Label className="mb-1 block font-medium">{label}</Base.Label>
      {children}
      {problem !== undefined && (
        <Base.Error match role="alert" className="mt-1.5 flex gap-1.5 text-12 text-failed-ink">
          <CircleAlert size={14} strokeWidth={1.75} className="mt-px flex-none" aria-hidden="true" />
          {problem}
        </Base.Error>
      )}
      {hint !== undefined && problem === undefined && (
        <Base.Description render={<div />} className="mt-1.5 text-12 text-text-2">
          {hint}
        </Base.Description>
      )}
    </Base.Root>
  );
}
