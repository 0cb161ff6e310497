"use client";

import { spanInWords } from "./spans";
import { useNow } from "./use-now";

/** How long something has been going on: it counts. */
export function Elapsed({ since }: { readonly since: Date }) {
  const now = useNow();
  return <span className="whitespace-nowrap">{now && spanInWords(now.getTime() - since.getTime())}</span>;
}
