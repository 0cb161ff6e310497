import { AsyncLocalStorage } from "node:async_hooks";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { verifyPassword } from "better-auth/crypto";
import { betterAuth } from "better-auth/minimal";
import { admin } from "better-auth/plugins/admin";
import type { Pool } from "pg";
import { openAuditedPrisma } from "../db/prisma";
import { PASSWORD_MAX, PASSWORD_MIN } from "../domain/account";
import type { Log } from "../platform/log";

interface Options {
  readonly db: Pool;
  readonly secret: string;
  readonly cookieName: string;
  readonly publicUrl: string;
  readonly log: Log;
}

const DAY_SECONDS = 24 * 3_600;
/** The only header that says from where a request came, and only we write it. */
export const ADDRESS_HEADER = "x-vane-address";

/** Its handler is mounted nowhere: what is called of it is called by name. */
export function openLibrary({ db, secret, cookieName, publicUrl, log }: Options) {
  /** Of one sign-in: with which hash its password was compared. */
  const compared = new AsyncLocalStorage<{ hash?: string }>();
  const prisma = openAuditedPrisma(db, () => compared.getStore()?.hash);
  const { api } = betterAuth({
    appName: "Vane",
    baseURL: publicUrl,
    secret,
    database: prismaAdapter(prisma, { provider: "postgresql" }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_MIN,
      maxPasswordLength: PASSWORD_MAX,
      password: {
        verify(given) {
          const store = compared.getStore();
          if (store) store.hash = given.hash;
          return verifyPassword(given);
        },
      },
    },
    // Asked of the database each time: a session that was ended is out at once.
    session: { expiresIn: 7 * DAY_SECONDS, updateAge: DAY_SECONDS, cookieCache: { enabled: false } },
    plugins: [admin({ defaultRole: "viewer" })],
    advanced: {
      cookiePrefix: cookieName,
      useSecureCookies: false, // it would rename the cookie
      defaultCookieAttributes: { secure: publicUrl.startsWith("https://") },
      cookies: { session_token: { name: cookieName } },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER], ipv6Subnet: 128 },
    },
    telemetry: { enabled: false },
    rateLimit: { enabled: false }, // throttle.ts
    logger: {
      level: "error",
      // Without its arguments: they may quote values.
      log: (_level, message) => {
        log.error({}, `Sign-in: ${message}`);
      },
    },
  });
  return {
    ...{ getSession: api.getSession, signOut: api.signOut },
    signInEmail: (body: { readonly email: string; readonly password: string }, headers: Headers) =>
      compared.run({}, () => api.signInEmail({ body, headers, returnHeaders: true })),
    close: () => prisma.$disconnect(),
  };
}
