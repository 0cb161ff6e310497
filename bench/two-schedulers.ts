import { median } from "./statistics";
import { startSystem, until } from "./system";
import type { Workload } from "./workload";

/** The same workload on one system, in turns: with the one scheduler, and with a second one that joined it. */
export async function withSecondScheduler(of: Workload, runs: number, options: { readonly tasks: number }) {
  const system = await startSystem(of.files);
  const { db } = system;
  const owned = () => until(db, "select 1 from dag having count(owner) = count(*) and count(*) > 0");
  try {
    await until(db, "select 1 from dag having count(current_version) = $1", [Object.keys(of.files).length]);
    await of.measure(system, options);
    const one: number[] = [];
    const two: number[] = [];
    for (let i = 0; i < runs; i += 1) {
      one.push(await of.measure(system, options));
      const stopSecond = await system.addScheduler();
      await owned();
      // Whoever owns it now has read it and made its plans.
      await of.measure(system, { tasks: 1 });
      two.push(await of.measure(system, options));
      await stopSecond();
      await owned();
      await of.measure(system, { tasks: 1 });
    }
    const facts = await of.check(system);
    const medians = { one: median(one), two: median(two) };
    return {
      ...{ workload: of.name, title: `${of.title}, with two schedulers`, unit: of.unit },
      ...{ target: "at least as fast as one", median: medians.two, values: two },
      ...{ one: { median: medians.one, values: one }, ratio: medians.two / medians.one, ...facts },
    };
  } finally {
    await system.stop();
  }
}
