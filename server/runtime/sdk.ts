import * as notify from "../sdk/notify";
import * as vane from "../sdk/vane";

/** What a bundle's `import ... from "vane"` gets: one copy for all bundles of the process. */
export const sdk: Readonly<Record<string, unknown>> = { vane, "vane/notify": notify };
