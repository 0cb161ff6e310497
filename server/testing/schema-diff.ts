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
import { Pool, type Client, type QueryArrayConfig } from "pg";

const SCHEMA = "prisma/schema.prisma";
const NO_FILTERS = { externalTables: [], externalEnums: [] };

/** Oids: the catalogs' "char", which adapter-pg 7.10.1 does not know, and char[], which no catalog has. */
const CATALOG_CHAR = 18;
const CHAR_LIST = 1002;

/**
 * The SQL that would turn this database into what schema.prisma says, by Prisma's own engine. It only reads. What
 * Prisma cannot say (CHECKs, partial indexes, functions, storage) is no difference to it.
 */
export async function scriptToSchema({ host, port, user, password, database }: Client): Promise<string> {
  const pool = new Pool({ host, port, user, password, database, max: 1 });
  const files = [{ path: SCHEMA, content: await readFile(SCHEMA, "utf8") }];
  const { SchemaEngine } = await loadEngine();
  const engine = await SchemaEngine.new(
    { datamodels: files.map(({ path, content }) => [path, content]) },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(readableCatalogs(pool)),
  );
  try {
    const { stdout } = await engine.diff({
      from: { tag: "schemaDatasource", files, configDir: "." },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: true,
      filters: NO_FILTERS,
    });
    return stdout ?? "";
  } finally {
    engine.free();
    await pool.end();
  }
}

let engine: ReturnType<typeof instantiate> | undefined;
/** Once a process: its glue code knows one instance only. */
const loadEngine = () => (engine ??= instantiate());

/** By hand: Node 20 imports no .wasm files. */
async function instantiate() {
  const glue = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const folder = join(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm"), "..");
  const code = await readFile(join(folder, "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(code, { "./schema_engine_bg.js": { ...glue } });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports["__wbindgen_start"] as () => void)();
  return glue;
}

/** The engine wants "char" as a character, and the adapter would throw: passed on as char[], renamed on the way back. */
function readableCatalogs(pool: Pool): PrismaPg {
  const query = pool.query.bind(pool);
  Object.assign(pool, {
    async query(config: QueryArrayConfig) {
      const result = await query(config);
      for (const field of result.fields) if (field.dataTypeID === CATALOG_CHAR) field.dataTypeID = CHAR_LIST;
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
      });
    },
  });
}
