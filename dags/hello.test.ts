import { expect, it } from "vitest";
import hello from "./hello";

it("greets the world unless told otherwise", async () => {
  const run = await hello.test();
  expect(run.state).toBe("success");
  expect(run.task("greet").result).toEqual({ name: "world", text: "Hello, world!" });
});

it("counts letters, whatever the alphabet", async () => {
  const run = await hello.test({ params: { name: "Ørjan 2" } });
  expect(run.task("count_letters").result).toBe("HelloØrjan".length);
  expect(run.task("report").log).toEqual([expect.stringContaining("10 letters")]);
});
