import type { SignInState } from "../mutations/use-sign-in";

/** Why the last try did not lead in, and what to do. */
export function signInWords(state: SignInState): string | undefined {
  switch (state.kind) {
    case "idle":
    case "sending":
    case "signed_in":
      return undefined;
    case "wrong":
      return `Email or password is wrong. ${triesLeft(state.triesLeft)}`;
    case "throttled":
      return `Too many wrong tries. Try again at ${minuteOf(state.until)}, or ask an admin for a new password.`;
    case "disabled":
      return "This account is disabled. Ask an admin to enable it.";
    case "unanswered":
      return "Vane does not answer. What you typed is kept: try again when it is back.";
    case "failed":
      return `${state.sentence} Error ${state.errorId}`;
  }
}

const triesLeft = (count: number) => (count === 1 ? "1 try left." : `${count} tries left.`);

/** Rounded up: what it says must be true when it comes. */
function minuteOf(until: Date): string {
  const minute = new Date(Math.ceil(until.getTime() / 60_000) * 60_000);
  return minute.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
