"use client";

import { relativeTo } from "./spans";
import { useNow } from "./use-now";

/** `14 m ago`, `in 12 m`; what it is exactly stands in the tooltip. */
export function RelativeTime({ instant }: { readonly instant: Date }) {
  const now = useNow();
  const exact = instant.toISOString();
  return (
    <time dateTime={exact} title={inZones(instant)} className="whitespace-nowrap">
      {now && relativeTo(instant, now)}
    </time>
  );
}

/** In the zone of the window, in UTC, and as machines write it. */
function inZones(instant: Date): string {
  const local = instant.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "long" });
  const utc = instant.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });
  return `${local}\n${utc} UTC\n${instant.toISOString()}`;
}
