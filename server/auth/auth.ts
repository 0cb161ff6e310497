import { APIError } from "better-auth/api";
import type { Pool } from "pg";
import { PasswordChanged } from "../db/prisma";
import { endSession } from "../db/sql/end-session";
import { findSetUpLink } from "../db/sql/find-set-up-link";
import { insertFirstAdmin } from "../db/sql/insert-user";
import { noteAudit } from "../db/sql/note-audit";
import { query } from "../db/sql/statement";
import { storeSetUpLink } from "../db/sql/store-set-up-link";
import type { SetUp, SignIn } from "../domain/account";
import { VaneError } from "../platform/errors";
import type { Log } from "../platform/log";
import type { Auth, SetUpOutcome, SignInOutcome, WithCookies } from "./auth.types";
import { hashPassword } from "./hash-password";
import { ADDRESS_HEADER, openLibrary } from "./library";
import type { AuthOptions } from "./options";
import { ROLES } from "./permissions";
import type { Caller, Session } from "./session";
import { checkLink, hashToken } from "./set-up-link";
import { takeTry } from "./throttle";

interface Dependencies extends AuthOptions {
  readonly db: Pool;
  readonly publicUrl: string;
  readonly log: Log;
}

/** A cookie outlives its session, which slides: the database says when that is over, and pages cannot set cookies. */
const COOKIE_SECONDS = 400 * 24 * 3_600;

export async function openAuth(dependencies: Dependencies): Promise<Auth> {
  const { db, cookieName, setUpToken } = dependencies;
  const library = openLibrary(dependencies);
  if (setUpToken !== undefined) await query(db, storeSetUpLink(hashToken(setUpToken)));

  async function sessionOf(headers: Headers): Promise<Session | undefined> {
    const cookie = headers.get("cookie");
    if (!cookie?.includes(`${cookieName}=`)) return undefined;
    const found = await library.getSession({ headers: new Headers({ cookie }) }).catch((cause: unknown) => {
      const sentence = "Vane cannot tell who you are: its database does not answer. Try again in a moment.";
      throw new VaneError("database.unavailable", sentence, { cause });
    });
    const role = ROLES.find((one) => one === found?.user.role);
    if (!found || found.user.banned || !role) return undefined;
    const { session, user } = found;
    return { sessionId: session.id, userId: user.id, name: user.name, email: user.email, role };
  }

  async function signIn(input: SignIn, caller: Caller): Promise<WithCookies<SignInOutcome>> {
    const { email } = input;
    const turn = await takeTry(db, email, caller.address);
    if (turn.kind === "throttled") return { outcome: turn, cookies: [] };
    const found = await tryPassword(input, caller).catch(async (error: unknown) => {
      await turn.giveBack();
      throw error;
    });
    if (found.kind === "right") {
      await turn.giveBack();
      return { outcome: { kind: "signed_in" }, cookies: found.cookies };
    }
    // At most as many rows as there are tries.
    const by = { principal: "anonymous", address: caller.address };
    await query(db, noteAudit(by, "user.sign_in_failed", email, { why: found.kind }));
    if (found.kind === "disabled") return { outcome: found, cookies: [] };
    return { outcome: { kind: "wrong", triesLeft: turn.triesLeft }, cookies: [] };
  }

  type Found = { kind: "right"; cookies: readonly string[] } | { kind: "wrong" } | { kind: "disabled" };

  async function tryPassword({ email, password }: SignIn, caller: Caller): Promise<Found> {
    const headers = new Headers({ "user-agent": caller.userAgent, [ADDRESS_HEADER]: caller.address });
    try {
      const answer = await library.signInEmail({ email, password }, headers);
      return { kind: "right", cookies: cookiesOf(answer.headers) };
    } catch (error) {
      if (error instanceof PasswordChanged) return { kind: "wrong" };
      const code = error instanceof APIError ? error.body?.code : undefined;
      // An account that nobody has takes as long: a password is hashed for it, too.
      if (code === "INVALID_EMAIL_OR_PASSWORD") return { kind: "wrong" };
      if (code === "BANNED_USER") return { kind: "disabled" };
      throw error;
    }
  }

  async function setUp(input: SetUp, caller: Caller): Promise<WithCookies<SetUpOutcome>> {
    const state = await checkLink(db, input.token);
    if (state !== "open") return { outcome: { kind: state }, cookies: [] };
    const { name, email, password, token } = input;
    const user = { name, email, passwordHash: await hashPassword(password) };
    const [admin] = await query(db, insertFirstAdmin(user, hashToken(token), caller.address)).catch(
      rethrowTaken,
    );
    if (!admin) return { outcome: { kind: "used" }, cookies: [] };
    const found = await tryPassword({ email, password }, caller);
    return { outcome: { kind: "done", name }, cookies: found.kind === "right" ? found.cookies : [] };
  }

  /** Only the session's: others are of ways in that we do not have. */
  const cookiesOf = (headers: Headers): string[] =>
    headers
      .getSetCookie()
      .filter((cookie) => cookie.startsWith(`${cookieName}=`))
      .map((cookie) => cookie.replace(/Max-Age=(?!0\b)\d+/i, `Max-Age=${COOKIE_SECONDS}`));

  return {
    sessionOf,
    signIn,
    setUp,
    async signOut(headers, caller) {
      const session = await sessionOf(headers);
      if (session) await query(db, endSession(session.sessionId, caller.address));
      const cookie = headers.get("cookie") ?? "";
      const answer = await library.signOut({ headers: new Headers({ cookie }), returnHeaders: true });
      return { outcome: { kind: "signed_out" }, cookies: cookiesOf(answer.headers) };
    },
    checkSetUp: (token) => checkLink(db, token),
    async hasAdmin() {
      const [found] = await query(db, findSetUpLink(""));
      return found?.hasAdmin ?? false;
    },
    close: library.close,
  };
}

function rethrowTaken(error: unknown): never {
  const taken = error instanceof Error && "code" in error && error.code === "23505";
  if (!taken) throw error;
  const sentence = "Somebody has this email address already. Take another one for the admin.";
  throw new VaneError("user.email_taken", sentence, { cause: error });
}
