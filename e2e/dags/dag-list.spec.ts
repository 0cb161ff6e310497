import { expect } from "@playwright/test";
import { expectAccessible } from "../system/axe";
import { test } from "../system/test";

test.use({ role: "user" });

test("a run by hand shows up, and how it ended", async ({ page, vane }) => {
  await page.goto("/dags");
  const row = page.getByRole("row", { name: /^greet/ });
  await expect(row).toContainText("Manual only");
  await page.getByRole("button", { name: "Trigger greet" }).click();
  await expect(page.getByText(/greet has a new run: manual__/)).toBeVisible();
  await expect(row).toContainText("Succeeded");
  await expect(row.getByRole("img", { name: /Last \d+ runs?: .*succeeded/ })).toBeVisible();
  const { rows } = await vane.db.query(
    "select principal like 'user:%' as by_user from audit_event where action like '%trigger%' and subject like '%greet%' limit 1",
  );
  expect(rows).toEqual([{ by_user: true }]);
});

test("a run that failed says why in one line, and its DAG comes first", async ({ page }) => {
  await page.goto("/dags");
  await page.getByRole("button", { name: "Trigger refuse" }).click();
  const row = page.getByRole("row", { name: /^refuse/ });
  await expect(row).toContainText("Failed");
  await expect(row).toContainText("RangeError: block range 12,000 exceeds the limit of 10,000");
  await expect(page.getByRole("contentinfo", { name: "System" })).toContainText(/\d failing/);
  await page.reload();
  await expect(page.getByRole("row").nth(1)).toContainText("refuse");
});

test("a DAG with params that have no default says how to trigger it", async ({ page }) => {
  await page.goto("/dags");
  await page.getByRole("button", { name: "Trigger ask" }).click();
  await expect(
    page.getByText("ask takes params that you have to give: npx vane dags trigger ask --params"),
  ).toBeVisible();
});

test("schedules are said in words, with their zone and what comes next", async ({ page }) => {
  await page.goto("/dags");
  const row = page.getByRole("row", { name: /^nightly/ });
  await expect(row).toContainText("Daily at 02:30 Berlin");
  await expect(row.getByTitle(/30 2 \* \* \*\nin Europe\/Berlin/)).toBeVisible();
  await expect(row).toContainText(/in \d+ [hms]/);
  await page.getByRole("switch", { name: "nightly is active" }).click();
  await expect(row).toContainText("paused");
  await page.getByRole("switch", { name: "nightly is active" }).click();
  await expect(row).toContainText(/in \d+ [hms]/);
});

test("a file that does not load is named with its line and what is wrong, until it is mended", async ({
  page,
  vane,
}) => {
  await page.goto("/dags");
  vane.writeDag(
    "broken.ts",
    'import { dag } from "vane";\n\nexport default dag({ id: nobody }, () => {});\n',
  );
  const errors = page.getByRole("region", { name: "Files that do not load" });
  await expect(errors).toContainText("broken.ts:3");
  await expect(errors).toContainText("nobody is not defined");
  await errors.getByRole("button", { name: "Show code frame" }).click();
  await expect(errors.locator("pre")).toContainText("id: nobody");
  await expectAccessible(page);
  vane.writeDag(
    "broken.ts",
    'import { dag, task } from "vane";\nconst t = task("t", () => 1);\nexport default dag({ id: "mended" }, () => { t(); });\n',
  );
  await expect(page.getByRole("row", { name: /^mended/ })).toBeVisible();
  await expect(errors).toBeHidden();
});

test("rows stay where they are while somebody looks", async ({ page }) => {
  await page.goto("/dags");
  const ids = page.getByRole("rowheader");
  await ids.first().waitFor();
  const before = await ids.allTextContents();
  await page.getByRole("button", { name: "Trigger nightly" }).click();
  await expect(page.getByRole("row", { name: /^nightly/ })).toContainText("Failed");
  expect(await ids.allTextContents()).toEqual(before);
  await page.getByRole("button", { name: "Sort again" }).click();
  await expect(ids.first()).toHaveText("nightly");
});

test("of a thousand DAGs those are drawn that are seen", async ({ page }) => {
  await page.route("**/api/trpc/**dags.list**", async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as {
      result: { data: { dags?: { dagId: string; lastRun: unknown }[] } };
    }[];
    for (const { result } of answer) {
      const [one] = result.data.dags ?? [];
      if (!one) continue;
      result.data.dags = Array.from({ length: 1_000 }, (_, index) => ({
        ...one,
        lastRun: null,
        dagId: `copy_${String(index).padStart(4, "0")}`,
      }));
    }
    await route.fulfill({ response, json: answer });
  });
  await page.goto("/dags");
  await page.getByText("copy_0000").waitFor();
  expect(await page.getByRole("row").count()).toBeLessThan(100);
  await expect(page.getByRole("table")).toHaveAttribute("aria-rowcount", "1001");
  await page.getByRole("region", { name: "All DAGs" }).focus();
  await page.keyboard.press("End");
  await expect(page.getByText("copy_0999")).toBeInViewport();
  expect(await page.getByRole("row").count()).toBeLessThan(100);
});
