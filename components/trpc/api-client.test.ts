import { expect, it, vi } from "vitest";
import { apiClient } from "./api-client";
import { listeningFetch } from "./listening-fetch";
import { serverStateStore } from "./server-state";
import { signInAddress } from "./sign-in-address";

const answer = (status: number, body: unknown, build: string | null = "build-1") =>
  new Response(JSON.stringify(body), { status, headers: build === null ? {} : { "x-vane-build": build } });
const failed = (code: string) => ({ error: { code: -32000, message: "No.", data: { code, errorId: "id" } } });

function aClient(respond: () => Promise<Response>) {
  const store = serverStateStore("build-1");
  const onSignedOut = vi.fn();
  const fetch = vi.fn<typeof globalThis.fetch>(respond);
  const client = apiClient({ url: "/api/trpc", fetch: listeningFetch(store, fetch), onSignedOut });
  return { client, store, onSignedOut, fetch };
}

it("asks many things at once in one request", async () => {
  const found = { result: { data: [] } };
  const { client, fetch } = aClient(() => Promise.resolve(answer(200, [found, found])));
  await Promise.all([client.importErrors.list.query(), client.importErrors.list.query()]);
  expect(fetch).toHaveBeenCalledTimes(1);
  expect(fetch.mock.calls[0]?.[0]).toBe("/api/trpc/importErrors.list,importErrors.list?batch=1&input=%7B%7D");
});

it("leads to the door when the session is over, and only then", async () => {
  const out = aClient(() => Promise.resolve(answer(401, [failed("auth.signed_out")])));
  await expect(out.client.me.get.query()).rejects.toThrow("No.");
  expect(out.onSignedOut).toHaveBeenCalledTimes(1);

  const forbidden = aClient(() => Promise.resolve(answer(403, [failed("auth.forbidden")])));
  await expect(forbidden.client.me.get.query()).rejects.toMatchObject({
    data: { code: "auth.forbidden", errorId: "id" },
  });
  expect(forbidden.onSignedOut).not.toHaveBeenCalled();
});

it("notices that nobody answers, that it is not Vane, and that it is another Vane", async () => {
  const silent = aClient(() => Promise.reject(new TypeError("fetch failed")));
  await expect(silent.client.me.get.query()).rejects.toMatchObject({ data: undefined });
  expect(silent.store.get().silentSince).toBeDefined();

  const proxy = aClient(() => Promise.resolve(answer(502, {}, null)));
  await expect(proxy.client.me.get.query()).rejects.toThrow();
  expect(proxy.store.get().silentSince).toBeDefined();

  const newer = aClient(() => Promise.resolve(answer(200, [{ result: { data: [] } }], "build-2")));
  await newer.client.importErrors.list.query();
  expect(newer.store.get()).toEqual({ silentSince: undefined, outdated: true });
});

it("does not take a request for lost that the page gave up itself", async () => {
  const { client, store } = aClient(() => Promise.reject(new DOMException("", "AbortError")));
  const gaveUp = AbortSignal.abort();
  await expect(client.me.get.query(undefined, { signal: gaveUp })).rejects.toThrow();
  expect(store.get().silentSince).toBeUndefined();
});

it("comes back to where it was, and never goes in circles", () => {
  expect(signInAddress({ pathname: "/dags", search: "?tag=a&b", hash: "#x" })).toBe(
    "/sign-in?next=%2Fdags%3Ftag%3Da%26b%23x",
  );
  expect(signInAddress({ pathname: "/sign-in", search: "", hash: "" })).toBeUndefined();
  expect(signInAddress({ pathname: "/set-up", search: "", hash: "#token" })).toBeUndefined();
});
