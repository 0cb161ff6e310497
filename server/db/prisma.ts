import { PrismaPg } from "@prisma/adapter-pg";
import type { Pool } from "pg";
import { PrismaClient } from "../../prisma/generated/client";

/** On a pool of the process: Prisma has no connections of its own. Its errors are minimal, since the others quote values. */
const openPrisma = (db: Pool) =>
  new PrismaClient({ adapter: new PrismaPg(db), errorFormat: "minimal", log: [] });

/** Somebody got a new password between the look at the old one and the session that was to come of it. */
export class PasswordChanged extends Error {
  override readonly name = "PasswordChanged";
}

/**
 * A session begins in one transaction with the note of it, and only while the password that was looked at is still the
 * account's: whoever changes it waits for this, or this for him.
 *
 * @param verified the hash that the password was compared with.
 */
export function openAuditedPrisma(db: Pool, verified: () => string | undefined) {
  const prisma = openPrisma(db);
  return prisma.$extends({
    query: {
      session: {
        create: ({ args }) =>
          prisma.$transaction(async (tx) => {
            const { userId = "", ipAddress = null } = args.data;
            const [account] = await tx.$queryRaw<{ password: string | null }[]>`
              select password from account where user_id = ${userId} and provider_id = 'credential' for share`;
            if (!account || account.password !== verified())
              throw new PasswordChanged("Not the password any more.");
            const session = await tx.session.create(args);
            await tx.$executeRaw`
              insert into audit_event (principal, action, subject, address)
              select 'user:' || email, 'user.signed_in', email, nullif(${ipAddress}, '') from "user" where id = ${userId}`;
            return session;
          }),
      },
    },
  });
}
