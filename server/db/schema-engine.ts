import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type ColumnType,
  type SqlQuery,
} from "@prisma/driver-adapter-utils";
import type * as Glue from "@prisma/schema-engine-wasm/schema_engine_bg";
import { Pool, type QueryArrayConfig } from "pg";

/*
 * Prisma's schema engine as WebAssembly: the same one that its command line would download. 139 MB, so only for tests
 * and for short-lived children. Three faults of adapter-pg 7.10.1 are mended here: it splits scripts at every ";",
 * which breaks functions; it commits each piece; it does not know the catalogs' type "char".
 */

/** Oids: the catalogs' "char", and char[], which no catalog has. */
const CATALOG_CHAR = 18;
const CHAR_LIST = 1002;

/** Of one database; the connection ends with `use`. */
export async function withSchemaEngine<Result>(
  databaseUrl: string,
  datamodels: readonly (readonly [path: string, content: string])[],
  use: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  // One connection: the engine's advisory lock belongs to a session. No limits: a migration may take its time.
  const pool = new Pool({ connectionString: databaseUrl, application_name: "vane migrate", max: 1 });
  pool.on("error", () => undefined);
  const { SchemaEngine } = await loadEngine();
  // A panic ends the process by an unreadable "unreachable"; this is where it says why.
  const registry = { set_message: (message: string) => process.stderr.write(`${message}\n`) };
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: registry });
  const engine = await SchemaEngine.new(
    { datamodels: datamodels.map(([path, content]) => [path, content]) },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(mended(pool)),
  );
  try {
    return await use(engine);
  } finally {
    engine.free();
    await pool.end();
  }
}

type Engine = Awaited<ReturnType<typeof Glue.SchemaEngine.new>>;

let loaded: Promise<typeof Glue> | undefined;
/** Once a process: its glue code knows one instance only. */
const loadEngine = () => (loaded ??= instantiate());

/** By hand: Node 20 imports no .wasm files. */
async function instantiate(): Promise<typeof Glue> {
  const glue = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const folder = join(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm"), "..");
  const code = await readFile(join(folder, "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(code, { "./schema_engine_bg.js": { ...glue } });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports["__wbindgen_start"] as () => void)();
  return glue;
}

function mended(pool: Pool): PrismaPg {
  const query = pool.query.bind(pool);
  Object.assign(pool, {
    // "char" is passed on as char[] and gets its name on the way back: the adapter would throw.
    async query(config: QueryArrayConfig) {
      const result = await query(config);
      // A script of several statements brings a list of results, and nobody looks at them.
      if (!Array.isArray(result)) {
        for (const field of result.fields)
          if (field.dataTypeID === CATALOG_CHAR) field.dataTypeID = CHAR_LIST;
      }
      return result;
    },
  });
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  return Object.assign(factory, {
    async connect() {
      const adapter = await connect();
      const queryRaw = adapter.queryRaw.bind(adapter);
      return Object.assign(adapter, {
        async queryRaw(sql: SqlQuery) {
          const result = await queryRaw(sql);
          const named = (type: ColumnType) =>
            type === ColumnTypeEnum.CharacterArray ? ColumnTypeEnum.Character : type;
          return { ...result, columnTypes: result.columnTypes.map(named) };
        },
        /** Whole, and thereby in one implicit transaction. */
        async executeScript(script: string) {
          await adapter.executeRaw({ sql: script, args: [], argTypes: [] });
        },
      });
    },
  });
}
