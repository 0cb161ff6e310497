import { defineConfig } from "prisma/config";

// No address of a database: only `prisma generate` is used. Migrations are applied by server/db/migrate.
export default defineConfig({ schema: "prisma/schema.prisma", migrations: { path: "prisma/migrations" } });
