import { context } from "vane";
import { z } from "zod";

/*
 * What DAGs share stands in include/: the loader looks for DAGs elsewhere, and bundles this into those that import it.
 */

/** A service that always has another page must not keep a task for ever. */
const MAX_PAGES = 50;

/** GET of the market's API, from the connection that the operator of Vane has set; checked before anybody uses it. */
async function get<Body>(
  path: string,
  query: Record<string, string>,
  schema: z.ZodType<Body>,
): Promise<Body> {
  const { signal, ...here } = context();
  const url = new URL(path, (await here.connection("demo_market", "http")).url);
  url.search = new URLSearchParams(query).toString();
  const response = await fetch(url, { signal });
  const text = await response.text();
  // It throws, and the task's retries do the rest: a 500 is a matter of seconds, and whoever calls need not know.
  if (!response.ok)
    throw new Error(`The market answered ${response.status} to ${url.pathname}${url.search}.`);
  return schema.parse(JSON.parse(text));
}

/** All pages of a list that numbers its pages. */
export async function fetchPages<Row>(
  path: string,
  row: z.ZodType<Row>,
  query: Record<string, string> = {},
): Promise<Row[]> {
  const Page = z.object({ data: z.array(row), pages: z.int().max(MAX_PAGES) });
  const rows: Row[] = [];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const body = await get(path, { ...query, page: String(page) }, Page);
    rows.push(...body.data);
    pages = body.pages;
  }
  return rows;
}

/** All pages of a list that names its next page. */
export async function fetchByCursor<Row>(path: string, row: z.ZodType<Row>): Promise<Row[]> {
  const Page = z.object({ data: z.array(row), next: z.string().nullable() });
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let page = 1; page <= MAX_PAGES; page++) {
    const body: z.infer<typeof Page> = await get(path, cursor === null ? {} : { cursor }, Page);
    rows.push(...body.data);
    if (body.next === null) return rows;
    cursor = body.next;
  }
  throw new Error(`${path} has more than ${MAX_PAGES} pages.`);
}
