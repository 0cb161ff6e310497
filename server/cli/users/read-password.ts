import { Password } from "../../domain/account";
import { VaneError } from "../../platform/errors";
import type { Terminal } from "../terminal";

/** Never an argument: those stand in lists of processes and in a shell's history. */
export async function readPassword(
  terminal: Terminal,
  { passwordStdin }: { passwordStdin?: true },
): Promise<string> {
  const typed = passwordStdin ? (await terminal.input()).replace(/\r?\n$/, "") : await ask(terminal);
  const password = Password.safeParse(typed);
  if (password.success) return password.data;
  const why = password.error.issues.map(({ message }) => message).join(" ");
  throw new VaneError("input.invalid", `Nothing was done: this password will not do. ${why}`);
}

async function ask(terminal: Terminal): Promise<string> {
  if (!terminal.interactive) {
    const sentence =
      "Nothing was done: nobody can be asked for a password here. Send it through stdin, with --password-stdin.";
    throw new VaneError("input.invalid", sentence);
  }
  const first = await terminal.askSecret("Password (not shown): ");
  if ((await terminal.askSecret("The same again: ")) === first) return first;
  throw new VaneError("input.invalid", "Nothing was done: the two passwords are not the same.");
}
