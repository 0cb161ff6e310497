import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Client } from "pg";

/** What a child does that answers each line with itself: as far away as a runtime, and nothing else. */
const ECHO = "process.stdin.on('data', (data) => process.stdout.write(data))";

/**
 * The least that a chain can take on this machine, now: for each link a durable write of one row in the Postgres of the
 * product, then a word to a child process and back. No engine, no results, no log. Milliseconds for all links.
 */
export async function floorMs(databaseUrl: string, links: number): Promise<number> {
  const db = new Client({ connectionString: databaseUrl });
  await db.connect();
  const child = spawn(process.execPath, ["-e", ECHO], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  try {
    await db.query("create table bench_floor (id int primary key, state int not null)");
    await db.query("insert into bench_floor values (1, 0)");
    const chain = async () => {
      const began = performance.now();
      for (let link = 0; link < links; link += 1) {
        await db.query({ name: "floor", text: "update bench_floor set state = state + 1 where id = 1" });
        const answered = once(lines, "line");
        child.stdin.write("link\n");
        await answered;
      }
      return performance.now() - began;
    };
    for (let warm = 0; warm < 5; warm += 1) await chain();
    return await chain();
  } finally {
    await db.query("drop table bench_floor");
    child.kill();
    await db.end();
  }
}
