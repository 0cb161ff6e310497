import { expect } from "@playwright/test";
import { createAccount, signIn } from "../system/accounts";
import { test } from "../system/test";

/** Each would set the title if it were taken for markup. */
const HOSTILE = [
  `<img src=x onerror="document.title='owned'">`,
  `<script>document.title='owned'</script>`,
  `"><svg/onload="document.title='owned'">`,
  `{{constructor.constructor("document.title='owned'")()}}`,
  `javascript:document.title='owned'`,
];

test("what people write is shown as text", async ({ page, context, vane }) => {
  const account = await createAccount(vane, "admin", HOSTILE[0]);
  await context.addCookies((await (await signIn(vane, account)).storageState()).cookies);
  HOSTILE.forEach((text, index) => {
    vane.writeDag(
      `hostile-${index}.ts`,
      `import { dag, task } from "vane";
const t = task("t", () => { throw new Error(${JSON.stringify(text)}); });
export default dag({
  id: "hostile_${index}", displayName: ${JSON.stringify(text)}, description: ${JSON.stringify(text)},
  tags: [${JSON.stringify(text)}], owners: [${JSON.stringify(text)}], schedule: null,
}, () => { t(); });
`,
    );
  });
  vane.writeDag("hostile-error.ts", `throw new Error(${JSON.stringify(HOSTILE.join(" "))});\n`);
  await page.goto("/dags");
  for (const [index, text] of HOSTILE.entries()) {
    await expect(page.getByTitle(`hostile_${index}`).first()).toContainText(text.slice(0, 10));
    await page.getByRole("button", { name: `Trigger hostile_${index}` }).click();
  }
  const failed = page.getByRole("row").filter({ has: page.getByTitle("hostile_0") });
  await expect(failed).toContainText(`Error: ${HOSTILE[0]}`);
  await expect(page.getByRole("region", { name: "Files that do not load" })).toContainText(HOSTILE.join(" "));
  await page.getByRole("button", { name: `You: ${HOSTILE[0]}` }).click();
  await expect(page.getByRole("menu")).toContainText(HOSTILE[0] ?? "");
  await expect(page).toHaveTitle("DAGs · Vane");
  await expect(page.locator("img, svg[onload]")).toHaveCount(0);
});
