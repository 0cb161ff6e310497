import { text } from "node:stream/consumers";
import { applyMigrations, readMigrations } from "../../db/migrate";
import { toVaneError } from "../../platform/errors";
import { MigrateOptions } from "../migrate-database";

/** Ends before anything else begins: the engine takes 139 MB. */
async function main() {
  const { databaseUrl, migrations } = MigrateOptions.parse(JSON.parse(await text(process.stdin)));
  await applyMigrations(databaseUrl, await readMigrations(migrations));
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const { sentence, cause } = toVaneError(error);
    process.stderr.write(`${cause instanceof Error ? (cause.stack ?? cause.message) : ""}\n`);
    process.stdout.write(sentence, () => process.exit(1));
  },
);
