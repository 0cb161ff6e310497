import { expect, type Page } from "@playwright/test";
import { createAccount } from "../system/accounts";
import { expectAccessible } from "../system/axe";
import { test } from "../system/test";

const passwordOf = (page: Page) => page.getByLabel("Password", { exact: true });

async function tryToSignIn(page: Page, email: string, password: string) {
  await page.getByLabel("Email").fill(email);
  await passwordOf(page).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("leads where one wanted to go", async ({ page, accountOf }) => {
  const user = await accountOf("user");
  await page.goto("/dags?tag=a%26b");
  await expect(page).toHaveURL(`/sign-in?next=${encodeURIComponent("/dags?tag=a%26b")}`);
  await expectAccessible(page);
  await tryToSignIn(page, user.email.toUpperCase(), user.password);
  await expect(page).toHaveURL("/dags?tag=a%26b");
  await page.goto("/sign-in");
  await expect(page, "who is signed in already goes on").toHaveURL("/dags");
});

// The others are tried on the function that decides it.
for (const next of ["//evil.example", "/%09/evil.example"]) {
  test(`does not follow next=${next}`, async ({ page, baseURL, accountOf }) => {
    const viewer = await accountOf("viewer");
    await page.goto(`/sign-in?next=${next.includes("%") ? next : encodeURIComponent(next)}`);
    await tryToSignIn(page, viewer.email, viewer.password);
    await expect(page).toHaveURL(`${baseURL}/dags`);
  });
}

test("works by keys alone, and with password managers", async ({ page, accountOf }) => {
  const viewer = await accountOf("viewer");
  await page.goto("/sign-in");
  await expect(page.getByLabel("Email")).toBeFocused();
  await expect(page.getByLabel("Email")).toHaveAttribute("autocomplete", "username");
  await expect(page.getByLabel("Email")).toHaveAttribute("type", "email");
  await expect(passwordOf(page)).toHaveAttribute("autocomplete", "current-password");
  await page.keyboard.type(viewer.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(viewer.password);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Show the password" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(passwordOf(page)).toHaveAttribute("type", "text");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/dags");
});

test("counts wrong passwords, keeps what was typed, then takes none for a while", async ({ page, vane }) => {
  const account = await createAccount(vane, "user");
  await page.goto("/sign-in");
  await tryToSignIn(page, account.email, "not the password");
  for (let left = 9; left >= 0; left--) {
    const tries = left === 1 ? "1 try" : `${left} tries`;
    await expect(page.locator("form").getByRole("alert")).toHaveText(
      `Email or password is wrong. ${tries} left.`,
    );
    await expect(page.getByLabel("Email")).toHaveValue(account.email);
    await expect(passwordOf(page)).toHaveValue("not the password");
    if (left === 9) await expectAccessible(page);
    await page.getByRole("button", { name: "Sign in" }).click();
  }
  await expect(page.locator("form").getByRole("alert")).toContainText("Too many wrong tries. Try again at ");
  await expectAccessible(page);
  await tryToSignIn(page, account.email, account.password);
  await expect(page.locator("form").getByRole("alert"), "nor the right one").toContainText(
    "Too many wrong tries.",
  );
  await expect(page).toHaveURL("/sign-in");
});

test("says the same of an account that does not exist", async ({ page }) => {
  await page.goto("/sign-in");
  await tryToSignIn(page, "nobody@example.com", "not the password");
  await expect(page.locator("form").getByRole("alert")).toHaveText(
    "Email or password is wrong. 9 tries left.",
  );
});

test("tells a disabled account whom to ask, and only who knows its password", async ({ page, vane }) => {
  const account = await createAccount(vane, "user");
  await vane.db.query(`update "user" set banned = true where email = $1`, [account.email]);
  await page.goto("/sign-in");
  await tryToSignIn(page, account.email, "not the password");
  await expect(page.locator("form").getByRole("alert")).toContainText("Email or password is wrong.");
  await tryToSignIn(page, account.email, account.password);
  await expect(page.locator("form").getByRole("alert")).toHaveText(
    "This account is disabled. Ask an admin to enable it.",
  );
  await expectAccessible(page);
});

test("says what is missing before it asks", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("This is no email address.")).toBeVisible();
  await expect(page.getByText("The password is missing.")).toBeVisible();
  await expect(page.getByLabel("Email")).toBeFocused();
});

test("keeps what was typed while nobody answers", async ({ page, context, accountOf }) => {
  const viewer = await accountOf("viewer");
  await page.goto("/sign-in");
  await context.setOffline(true);
  await tryToSignIn(page, viewer.email, viewer.password);
  await expect(page.getByText("Vane does not answer. What you typed is kept")).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue(viewer.email);
  await context.setOffline(false);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL("/dags");
});
