import { expect } from "@playwright/test";
import { expectAccessible } from "../system/axe";
import { test } from "../system/test";

// A Vane of its own, in which nobody has an account yet. One after the other: the last of them sets it up.
test.use({ untouched: true });

const PASSWORD = "weather-cock-ledger-7";
/** Shown as it is typed, wherever it is shown. */
const NAME = "<b>Mira</b> & sons";

test("the sign-in page says where the link is, before there is an admin", async ({ page }) => {
  await page.goto("/dags");
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByRole("heading", { name: "Set up Vane" })).toBeVisible();
  await expect(page.getByText("Set up the first admin: http…")).toBeVisible();
  await expect(page.getByText("npx vane users create --email")).toBeVisible();
  await expect(page.getByLabel("Password")).toHaveCount(0);
  await expectAccessible(page);
});

test("a link that is not whole, or not this Vane's, leads to the right one", async ({ page }) => {
  for (const path of ["/set-up", "/set-up#", "/set-up#not-the-token"]) {
    await page.goto(path);
    await page.reload(); // only the fragment has changed
    await expect(page.getByRole("heading", { name: "This is not the link" })).toBeVisible();
  }
  await expectAccessible(page);
});

test("a link is good for an hour", async ({ page, vane }) => {
  const { rows } = await vane.db.query<{ expires_at: Date }>(
    "select expires_at from verification where identifier = 'set-up'",
  );
  const leftMs = (rows[0]?.expires_at.getTime() ?? 0) - Date.now();
  expect(leftMs / 60_000).toBeGreaterThan(50);
  expect(leftMs / 60_000).toBeLessThanOrEqual(60);

  await vane.db.query(
    "update verification set expires_at = now() - interval '1 second' where identifier = 'set-up'",
  );
  await page.goto(vane.setUpUrl);
  await expect(page.getByRole("heading", { name: "This link is too old" })).toBeVisible();
  await expect(page.getByText("npx vane users create --email")).toBeVisible();
  await expectAccessible(page);
  await vane.db.query("update verification set expires_at = $1 where identifier = 'set-up'", [
    rows[0]?.expires_at,
  ]);
});

test("the link makes the first admin, once", async ({ page, vane, browser }) => {
  await page.goto(vane.setUpUrl);
  await expect(page.getByRole("listitem").filter({ hasText: "Create the admin" })).toHaveAttribute(
    "aria-current",
    "step",
  );
  await expect(page.getByLabel("Name")).toBeFocused();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Create the admin" }).click();
  await expect(page.getByText("A name is missing.")).toBeVisible();
  await expect(page.getByText("This is no email address.")).toBeVisible();
  await expect(page.getByText("At least 12 characters.")).toBeVisible();
  await expectAccessible(page);

  await page.getByLabel("Name").fill(NAME);
  await page.getByLabel("Email").fill("Mira@Example.com");
  const password = page.getByLabel("Password", { exact: true });
  await password.fill(PASSWORD.slice(0, 11));
  await expect(page.getByText("At least 12 characters.")).toBeVisible();
  await password.fill(PASSWORD);
  await expect(page.getByLabel("Met:")).toBeVisible();
  await page.getByRole("button", { name: "Show the password" }).click();
  await expect(password).toHaveValue(PASSWORD);
  await expect(password).toHaveAttribute("type", "text");
  await password.press("Enter");

  await expect(page.getByRole("heading", { name: "Vane is ready" })).toBeVisible();
  await expect(page.getByText(`You are signed in as ${NAME}.`)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Open Vane" }).click();
  await expect(page).toHaveURL("/dags");
  await expect(page.getByRole("button", { name: `You: ${NAME}` })).toBeVisible();

  const other = await browser.newPage({ baseURL: vane.url });
  await other.goto(vane.setUpUrl);
  await expect(other.getByRole("heading", { name: "This Vane is set up" })).toBeVisible();
  await other.getByRole("link", { name: "Sign in" }).click();
  await other.getByLabel("Email").fill("mira@example.com");
  await other.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await other.getByRole("button", { name: "Sign in" }).click();
  await expect(other).toHaveURL(`${vane.url}/dags`);
  await other.close();
});
