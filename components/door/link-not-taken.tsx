import { buttonClass } from "../ui/button-class";
import { CommandLine } from "../ui/command-line";

export type WhyNotTaken = "used" | "expired" | "unknown";

interface Words {
  readonly title: string;
  readonly what: string;
  readonly command: string | undefined;
}

const WORDS: Readonly<Record<WhyNotTaken, Words>> = {
  used: {
    title: "This Vane is set up",
    what: "There is an admin already, so this link is not taken any more. Sign in, or ask an admin for an account.",
    command: undefined,
  },
  expired: {
    title: "This link is too old",
    what: "It was good for an hour. Start Vane again and open the link that it prints then, or make the account in a terminal:",
    command: "npx vane users create --email you@example.com --name You --role admin",
  },
  unknown: {
    title: "This is not the link",
    what: "Vane prints a new link whenever it starts, and takes only the newest, whole. Look for it below “Vane is ready”, or make the account in a terminal:",
    command: "npx vane users create --email you@example.com --name You --role admin",
  },
};

/** Why a set-up link leads no further, and what does. */
export function LinkNotTaken({ why }: { readonly why: WhyNotTaken }) {
  const { title, what, command } = WORDS[why];
  return (
    <>
      <h1 className="text-15 font-semibold">{title}</h1>
      <p className="mt-0.5 text-text-2">{what}</p>
      {command === undefined ? (
        <a className={`mt-5 ${buttonClass({ kind: "primary", size: "large", wide: true })}`} href="/sign-in">
          Sign in
        </a>
      ) : (
        <div className="mt-4">
          <CommandLine>{command}</CommandLine>
        </div>
      )}
    </>
  );
}
