import { expect } from "@playwright/test";
import { FIRST_DAG } from "../../components/dag-list/first-dag-text";
import { expectAccessible } from "../system/axe";
import { test } from "../system/test";

test.use({ role: "user", untouched: true });

test("the page says how to write the first DAG, and shows it once it is saved", async ({ page, vane }) => {
  await page.goto("/dags");
  await expect(page.getByRole("heading", { name: "Write a DAG and save it" })).toBeVisible();
  await expectAccessible(page);
  vane.writeDag("hello.ts", FIRST_DAG);
  const row = page.getByRole("row", { name: /^hello/ });
  await expect(row).toContainText("Every 5 min");
  await page.getByRole("button", { name: "Trigger hello" }).click();
  await expect(row).toContainText("Succeeded");
});
