/** What the tests' Vane has in its dags/. */
export const DAGS: Readonly<Record<string, string>> = {
  "greet.ts": `import { dag, task } from "vane";
const hello = task("hello", () => "hello");
export default dag({ id: "greet", description: "Says hello.", tags: ["example"] }, () => { hello(); });
`,
  "refuse.ts": `import { dag, task } from "vane";
const ask = task("ask_for_blocks", () => { throw new RangeError("block range 12,000 exceeds the limit of 10,000"); });
export default dag({ id: "refuse" }, () => { ask(); });
`,
  "nightly.ts": `import { dag, task } from "vane";
const close = task("close", () => { throw new Error("The books do not balance."); });
export default dag({ id: "nightly", schedule: "30 2 * * *", timezone: "Europe/Berlin" }, () => { close(); });
`,
  "hourly.ts": `import { dag, task } from "vane";
const tick = task("tick", () => 1);
export default dag({ id: "hourly", schedule: "5 * * * *" }, () => { tick(); });
`,
  "often.ts": `import { dag, task } from "vane";
const tick = task("tick", () => 1);
export default dag({ id: "often", schedule: "*/15 * * * *" }, () => { tick(); });
`,
  "ask.ts": `import { dag, task } from "vane";
import { z } from "zod";
const look = task("look", (wallet: string) => wallet);
export default dag({ id: "ask", params: z.object({ wallet: z.string() }) }, ({ params }) => { look(params.wallet); });
`,
};
