type SnakeCase<Name extends string> = Name extends `${infer Head}${infer Rest}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeCase<Rest>}`
  : "";

/** int8 arrives as a number (pool.ts): keys and epochs have 53 bits. */
type Column<Value> = Value extends bigint ? number : Value;

/** What SQL gives for a whole row of this Prisma model. */
type RowOf<Model> = { [K in keyof Model & string as SnakeCase<K>]: Column<Model[K]> };

/** A state is one of some words for zod, and text for Prisma; which words is the CHECK's affair. */
type Widen<Value> = Value extends string ? string : Value extends number ? number : Value;

/**
 * The columns that a row schema reads (its `z.input`) and the table does not give: by another name, of another type,
 * or null where the schema does not expect it. `Computed` are those that no column stands behind.
 */
export type Misfits<Model, Row, Computed extends keyof Row = never> = {
  [K in Exclude<keyof Row, Computed>]: K extends keyof RowOf<Model>
    ? [RowOf<Model>[K]] extends [Widen<Row[K]>]
      ? never
      : K
    : K;
}[Exclude<keyof Row, Computed>];
