import { context, dag, task } from "vane";
import { z } from "zod";

// Three tasks. A call in the body of dag() makes a task of the graph; giving one's result to another is the edge.

const greet = task("greet", (name: string) => ({ name, text: `Hello, ${name}!` }));

const countLetters = task("count_letters", (text: string) => text.replaceAll(/[^\p{L}]/gu, "").length);

const report = task("report", (greeting: { text: string }, letters: number) => {
  context().log.info(`${greeting.text} (${letters} letters)`, { letters });
});

export default dag(
  {
    id: "hello",
    description: "Three tasks that need nothing: the first DAG to look at.",
    tags: ["example"],
    params: z.object({ name: z.string().min(1).max(100).default("world") }),
  },
  ({ params }) => {
    const greeting = greet(params.name);
    report(greeting, countLetters(greeting.at("text")));
  },
);
