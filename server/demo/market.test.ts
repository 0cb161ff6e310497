import { expect, it } from "vitest";
import { fakeClock } from "../testing/fake-clock";
import { faultAt } from "./faults";
import { market } from "./market";

const NOW = new Date("2026-11-25T10:00:30Z");
/** `get` asks again when told 500. What is slow is waited for at once. */
function open(seed = 1) {
  const clock = fakeClock(NOW);
  const answer = market({ seed, clock });
  const raw = async (path: string) => {
    const asked = answer(new URL(path, "http://market"));
    clock.advance(2_000);
    return asked;
  };
  const get = async (path: string) => {
    const first = await raw(path);
    return first.status === 500 ? raw(path) : first;
  };
  return { raw, get };
}

it("has its prices in pages of a hundred, the same for everybody who asks for the same time", async () => {
  const { get } = open();
  const at = "2026-11-25T09:00:00Z";
  const pages = await Promise.all([1, 2, 3, 4].map((page) => get(`/prices?page=${page}&at=${at}`)));
  expect(pages.map(({ body }) => (body as { data: object[] }).data.length)).toEqual([100, 100, 50, 0]);
  expect(pages[0]?.body).toMatchObject({ page: 1, pages: 3, at: "2026-11-25T09:00:00.000Z" });
  expect(await open(7).get(`/prices?page=2&at=${at}`)).toEqual(pages[1]);
  expect(await get(`/prices?page=2&at=2026-11-25T09:01:00Z`)).not.toEqual(pages[1]);
});

it("leads through its locks by a cursor, to the end", async () => {
  const { get } = open();
  const sizes: number[] = [];
  for (let cursor: string | null = "0"; cursor !== null;) {
    const { body } = await get(`/locks?cursor=${cursor}`);
    const page = body as { data: object[]; next: string | null };
    sizes.push(page.data.length);
    cursor = page.next;
  }
  expect(sizes).toEqual([100, 100, 30]);
});

it("stumbles where the seed says, path by path", async () => {
  const { raw } = open(3);
  const statuses: number[] = [];
  for (let n = 0; n < 60; n++) statuses.push((await raw(n % 2 === 0 ? "/pools" : "/locks")).status);
  const wanted = Array.from({ length: 60 }, (_, n) =>
    faultAt(3, n % 2 === 0 ? "/pools" : "/locks", Math.floor(n / 2)).kind === "error" ? 500 : 200,
  );
  expect(statuses).toEqual(wanted);
});

it.each([
  ["/prices?page=0", 400],
  ["/prices?at=yesterday", 400],
  ["/locks?cursor=-1", 400],
  ["/", 404],
])("answers %s with %i", async (path, status) => {
  expect((await open().get(path)).status).toBe(status);
});
