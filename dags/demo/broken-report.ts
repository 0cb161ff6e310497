import { dag, Fail, task } from "vane";
import { telegram } from "vane/notify";

// Demo. Fails on purpose and tells: `npx vane demo messages` shows what Telegram would have shown. The alert is one,
// whatever the number of tasks, and it names the first that failed.

const sumBalances = task("sum_balances", () => ({ booked: 1_204_331, counted: 1_204_329 }));

export const compare = task({ id: "compare", retries: 3 }, (sums: { booked: number; counted: number }) => {
  // `Fail` ends it whatever retries are left: these numbers will not be better in five minutes.
  if (sums.booked !== sums.counted) throw new Fail(`The balances differ by ${sums.booked - sums.counted}.`);
  return sums.counted;
});

export const publish = task("publish", (total: number) => ({ total }));

export default dag(
  {
    id: "demo_broken_report",
    description: "Demo: fails on purpose every five minutes, and sends an alert.",
    tags: ["demo"],
    schedule: "*/5 * * * *",
    onFailure: telegram({ connection: "demo_telegram" }),
  },
  () => {
    publish(compare(sumBalances()));
  },
);
