import { z } from "zod";
import type { Caller, Session } from "./session";

export const Password = z
  .string()
  .min(12, "At least 12 characters.")
  .max(200, "At most 200 characters.");
export const Email = z.email("This is no email address.").max(250).toLowerCase();
export const PersonName = z.string().trim().min(1, "A name is missing.").max(100);

export const SignIn = z.strictObject({ email: Email, password: z.string().min(1).max(200) });
export type SignIn = z.infer<typeof SignIn>;

export const SetUp = z.strictObject({
  token: z.string().max(200),
  name: PersonName,
  email: Email,
  password: Password,
});
export type SetUp = z.infer<typeof SetUp>;

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
  /** Whether a link would be taken, without using it up. */
  checkSetUp(token: string): Promise<"open" | "used" | "expired" | "unknown">;
  setUp(input: SetUp, caller: Caller): Promise<WithCookies<SetUpOutcome>>;
  close(): Promise<void>;
}
