import { expect } from "@playwright/test";
import { createAccount, signIn } from "../system/accounts";
import { test } from "../system/test";

test("signing out ends the session, not only the cookie", async ({ page, context, vane }) => {
  const client = await signIn(vane, await createAccount(vane, "user"));
  await context.addCookies((await client.storageState()).cookies);
  await page.goto("/dags");
  await page.getByRole("button", { name: "You: user" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/sign-in");
  await page.goBack();
  await expect(page, "what was seen is not seen again").toHaveURL(/\/sign-in/);

  const answer = await client.get("/api/trpc/me.get");
  expect(answer.status()).toBe(401);
  await client.dispose();
});

test("a session that ended elsewhere leads to the door, and from there back", async ({
  page,
  context,
  vane,
}) => {
  const account = await createAccount(vane, "user");
  const client = await signIn(vane, account);
  await context.addCookies((await client.storageState()).cookies);
  await page.goto("/dags?a=1");
  await expect(page.getByRole("heading", { name: "DAGs" })).toBeVisible();

  await client.dispose();
  const password = "another-weather-cock";
  const words = ["users", "reset-password", "--email", account.email, "--password-stdin"];
  expect(await vane.vane(words, `${password}\n`)).toMatchObject({ exit: 0 });
  await expect(page, "by the next time it asks").toHaveURL(
    `/sign-in?next=${encodeURIComponent("/dags?a=1")}`,
  );
  await page.getByLabel("Email").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/dags?a=1");
});

test("disabling an account ends its sessions at once", async ({ page, context, vane }) => {
  const account = await createAccount(vane, "user");
  const client = await signIn(vane, account);
  await context.addCookies((await client.storageState()).cookies);
  await page.goto("/dags");
  await vane.db.query(`update "user" set banned = true where email = $1`, [account.email]);
  expect((await client.get("/api/trpc/me.get")).status()).toBe(401);
  await client.dispose();
  await expect(page, "by the next time it asks").toHaveURL("/sign-in?next=%2Fdags");
});
