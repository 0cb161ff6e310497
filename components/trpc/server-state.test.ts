import { expect, it, vi } from "vitest";
import { serverStateStore } from "./server-state";

function aStore() {
  let at = new Date("2026-11-24T14:30:00Z");
  const store = serverStateStore("build-1", () => at);
  const listener = vi.fn();
  store.subscribe(listener);
  return { store, listener, setTime: (time: string) => (at = new Date(time)) };
}

it("begins with a server that has just made the page", () => {
  const { store } = aStore();
  expect(store.get()).toEqual({ silentSince: undefined, outdated: false });
});

it("is silent since it was heard last, however often it is asked, until it answers", () => {
  const { store, listener, setTime } = aStore();
  setTime("2026-11-24T14:31:00Z");
  store.heard("build-1");
  setTime("2026-11-24T14:32:00Z");
  store.silent();
  setTime("2026-11-24T14:33:00Z");
  store.silent();
  expect(store.get().silentSince).toEqual(new Date("2026-11-24T14:31:00Z"));
  expect(listener).toHaveBeenCalledTimes(1);
  store.heard("build-1");
  expect(store.get().silentSince).toBeUndefined();
});

it("takes an answer that is not Vane's for none", () => {
  const { store } = aStore();
  store.heard(null);
  expect(store.get().silentSince).toBeDefined();
});

it("is outdated once another build answers, and says so once", () => {
  const { store, listener } = aStore();
  store.heard("build-2");
  store.heard("build-2");
  expect(store.get()).toEqual({ silentSince: undefined, outdated: true });
  expect(listener).toHaveBeenCalledTimes(1);
});

it("keeps what it is told as one object, as React wants it", () => {
  const { store } = aStore();
  store.silent();
  expect(store.get()).toBe(store.get());
});
