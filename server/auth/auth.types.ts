import { z } from "zod";
import type { SetUp, SignIn } from "../domain/account";
import type { Caller, Session } from "./session";

/** What may be told to somebody who is not signed in. Cookies travel beside it. */
export const SignInOutcome = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("signed_in") }),
  z.strictObject({ kind: z.literal("wrong"), triesLeft: z.int() }),
  z.strictObject({ kind: z.literal("throttled"), retryAfterSeconds: z.int() }),
  z.strictObject({ kind: z.literal("disabled") }),
]);
export type SignInOutcome = z.infer<typeof SignInOutcome>;

export const SetUpOutcome = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("done"), name: z.string() }),
  /** There is an admin already. */
  z.strictObject({ kind: z.literal("used") }),
  z.strictObject({ kind: z.literal("expired") }),
  z.strictObject({ kind: z.literal("unknown") }),
]);
export type SetUpOutcome = z.infer<typeof SetUpOutcome>;

/** Headers to send along: `set-cookie` values. */
export interface WithCookies<Outcome> {
  readonly outcome: Outcome;
  readonly cookies: readonly string[];
}

/** The only one who knows the library behind it. */
export interface Auth {
  sessionOf(headers: Headers): Promise<Session | undefined>;
  signIn(input: SignIn, caller: Caller): Promise<WithCookies<SignInOutcome>>;
  signOut(headers: Headers, caller: Caller): Promise<WithCookies<{ readonly kind: "signed_out" }>>;
  /** Without one the link that Vane printed is the way in, or `npx vane users create`. */
  hasAdmin(): Promise<boolean>;
  /** Whether a link would be taken, without using it up. */
  checkSetUp(token: string): Promise<"open" | "used" | "expired" | "unknown">;
  setUp(input: SetUp, caller: Caller): Promise<WithCookies<SetUpOutcome>>;
  close(): Promise<void>;
}
