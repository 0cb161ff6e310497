import { expect } from "@playwright/test";
import { expectAccessible } from "../system/axe";
import { test } from "../system/test";

test.use({ role: "user" });

test("without a connection the page says so, shows what it knows and changes nothing; then it goes on", async ({
  page,
  context,
}) => {
  await page.goto("/dags");
  const row = page.getByRole("row", { name: /greet/ });
  await row.waitFor();
  await context.setOffline(true);
  await expect(page.getByText(/No connection since \d\d:\d\d:\d\d\./)).toBeVisible();
  await expect(row).toBeVisible();
  await expect(page.getByRole("switch", { name: "greet is active" })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Trigger greet" })).toHaveAttribute("aria-disabled", "true");
  await expectAccessible(page);

  const asked = page.waitForRequest(/dags\.list/);
  await page.getByRole("button", { name: "Try now" }).click();
  await asked;
  await context.setOffline(false);
  await expect(page.getByText("No connection since")).toBeHidden();
  await expect(page.getByRole("switch", { name: "greet is active" })).toBeEnabled();
});

test("a page that is older than the server says so", async ({ page }) => {
  await page.route("**/api/trpc/**", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), "x-vane-build": "of-tomorrow" } });
  });
  await page.goto("/dags");
  await expect(page.getByText("Vane was updated.")).toBeVisible();
  await expectAccessible(page);
  const reloaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Reload" }).click();
  await reloaded;
  await page.unrouteAll();
  await page.getByRole("row", { name: /greet/ }).waitFor();
  await expect(page.getByText("Vane was updated.")).toBeHidden();
});

test("a part that cannot be shown says why, and can be asked for again", async ({ page }) => {
  await page.route("**/api/trpc/**dags.list**", (route) =>
    route.fulfill({
      status: 500,
      headers: { "x-vane-build": "whatever" },
      json: [
        { error: { message: "Vane broke.", code: -32603, data: { code: "internal", errorId: "e-7f31c2" } } },
      ],
    }),
  );
  await page.goto("/dags");
  const alert = page.getByRole("alert").filter({ hasText: "The DAGs could not be shown." });
  await expect(alert).toContainText("Vane broke.");
  await expect(alert).toContainText("error id e-7f31c2");
  await expectAccessible(page);
  await page.unrouteAll();
  await alert.getByRole("button", { name: "Reload" }).click();
  await page.getByRole("row", { name: /greet/ }).waitFor();
});
