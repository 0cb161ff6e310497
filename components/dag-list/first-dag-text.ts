/** The first file of a newcomer; a test writes it and runs it. */
export const FIRST_DAG = `import { dag, task } from "vane";

const greet = task("greet", () => "Hello");
const shout = task("shout", (text: string) => \`\${text.toUpperCase()}!\`);

export default dag({ id: "hello", schedule: "*/5 * * * *" }, () => {
  shout(greet());
});
`;
