import { PrismaPg } from "@prisma/adapter-pg";
import type { Pool } from "pg";
import { PrismaClient } from "../../prisma/generated/client";

/** On a pool of the process: Prisma has no connections of its own. Its errors are minimal, since the others quote values. */
export const openPrisma = (db: Pool) =>
  new PrismaClient({ adapter: new PrismaPg(db), errorFormat: "minimal", log: [] });

/** With a note of each session that begins, in its own transaction: so nobody comes in unseen, by whatever way. */
export function openAuditedPrisma(db: Pool) {
  const prisma = openPrisma(db);
  return prisma.$extends({
    query: {
      session: {
        async create({ args, query }) {
          const { userId, ipAddress = null } = args.data;
          const [session] = await prisma.$transaction([
            query(args),
            prisma.$executeRaw`
              insert into audit_event (principal, action, subject, address)
              select 'user:' || email, 'user.signed_in', email, nullif(${ipAddress}, '') from "user" where id = ${userId ?? ""}`,
          ]);
          return session;
        },
      },
    },
  });
}
