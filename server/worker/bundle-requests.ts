import type { FromScheduler } from "../executor/protocol";
import type { BundleFiles } from "../runtime/bundles";
import type { BundleStore } from "./bundle-store";
import type { Link } from "./link";

export interface BundleRequests {
  /** Once for each hash and scheduler. */
  ask(hash: string, link: Link): void;
  /** Throws, with a sentence, when there is none to be had. */
  take(message: Extract<FromScheduler, { type: "bundle" }>): BundleFiles;
}

export function bundleRequests(store: BundleStore): BundleRequests {
  const asked = new Map<string, Link>();
  return {
    ask(hash, link) {
      if (asked.get(hash) === link) return;
      asked.set(hash, link);
      link.send({ type: "need_bundle", hash });
    },
    take({ hash, found }) {
      asked.delete(hash);
      if (!found) throw new Error("the scheduler does not have it either");
      return store.keep(hash, found);
    },
  };
}
