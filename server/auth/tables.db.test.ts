import { getAuthTables } from "better-auth/db";
import { admin } from "better-auth/plugins/admin";
import { expect, it } from "vitest";
import { createTestDb } from "../testing/test-db";

const db = await (await createTestDb())();

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

interface Column {
  readonly is_nullable: "YES" | "NO";
  readonly column_default: string | null;
  readonly data_type: string;
}

it.each(Object.values(getAuthTables({ plugins: [admin()] })))(
  "has what better-auth asks of its table $modelName",
  async ({ modelName, fields }) => {
    const { rows } = await db.query<Column & { column_name: string }>(
      `select column_name, is_nullable, column_default, data_type from information_schema.columns
        where table_schema = 'public' and table_name = $1`,
      [modelName],
    );
    const columns = new Map<string, Column>(rows.map((row) => [row.column_name, row]));
    const TYPES = { string: "text", boolean: "boolean", date: "timestamp with time zone" };
    const wanted = Object.entries(fields).map(([name, { type }]) => [
      snake(name),
      TYPES[type as keyof typeof TYPES],
    ]);
    expect([...columns].map(([name, { data_type }]) => [name, data_type]).sort()).toEqual(
      [["id", "text"], ...wanted].sort(),
    );
    // What it may leave out of an insert must be left to us.
    for (const [name, { required }] of Object.entries(fields)) {
      const column = columns.get(snake(name));
      if (required === false) expect(column?.is_nullable === "YES" || column?.column_default).toBeTruthy();
    }
    const unique = Object.entries(fields).filter(([, field]) => field.unique);
    for (const [name] of unique) expect(await uniqueColumns(modelName)).toContain(snake(name));
  },
);

async function uniqueColumns(table: string) {
  const { rows } = await db.query<{ attname: string }>(
    `select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where i.indrelid = format('%I', $1::text)::regclass and i.indisunique and i.indnatts = 1`,
    [table],
  );
  return rows.map(({ attname }) => attname);
}
