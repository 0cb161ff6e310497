import { expect } from "@playwright/test";
import { expectAccessible } from "../system/axe";
import { test } from "../system/test";

const PHONE = { width: 390, height: 844 };

test("what is not there", async ({ page }) => {
  for (const path of ["/nothing", "/dags/greet/nothing", "/sign-in/x", "/%F0%9F%98%80"]) {
    const response = await page.goto(path);
    expect(response?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  }
  await expectAccessible(page);
  await page.setViewportSize(PHONE);
  await expectAccessible(page);
});

test("nothing that one may not see is kept by the browser, and no page is framed", async ({ page }) => {
  for (const path of ["/sign-in", "/set-up", "/dags", "/nothing"]) {
    const response = await page.goto(path);
    const headers = (await response?.allHeaders()) ?? {};
    expect(headers["content-security-policy"], path).toContain("frame-ancestors 'none'");
    expect(headers["content-security-policy"], path).toMatch(/script-src 'self' 'nonce-[\w+/=]{20,}';/);
    expect(headers["content-security-policy"], path).not.toContain("unsafe-eval");
    expect(headers["cache-control"], path).toContain("no-store");
    expect(headers["x-content-type-options"], path).toBe("nosniff");
  }
});

test("each page has a nonce of its own", async ({ page }) => {
  const nonce = async () =>
    /'nonce-([^']+)'/.exec(
      (await (await page.goto("/sign-in"))?.allHeaders())?.["content-security-policy"] ?? "",
    )?.[1];
  const first = await nonce();
  expect(first).toBeTruthy();
  expect(await nonce()).not.toBe(first);
});

test("a script that somebody slipped in does not run", async ({ page, watched }) => {
  await page.goto("/sign-in");
  const refused = page.waitForEvent("console", (message) =>
    message.text().includes("Content Security Policy"),
  );
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "document.title = 'slipped in'";
    document.body.append(script);
  });
  await refused;
  await expect(page).toHaveTitle("Sign in · Vane");
  expect(watched.splice(0)).toHaveLength(1);
});

test.describe("for somebody who has signed in", () => {
  test.use({ role: "user" });

  test("the start leads to the DAGs, and the page has nothing to complain about", async ({ page }) => {
    await page.goto("/");
    await expect(page).toHaveURL("/dags");
    await expect(page).toHaveTitle("DAGs · Vane");
    await expect(page.getByRole("row", { name: /greet/ })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "You: user" }).click();
    await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible();
    await expectAccessible(page, "[role=menu]");
  });

  test("on a phone, the same in two lines, with the nav at the bottom", async ({ page }) => {
    await page.setViewportSize(PHONE);
    await page.goto("/dags");
    await expect(page.getByRole("listitem").filter({ hasText: "greet" })).toBeVisible();
    await expectAccessible(page);
    const tall = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(tall, "nothing sticks out").toBe(false);
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    await expectAccessible(page, "[role=menu]");
  });

  test("the nav folds to icons below 1200 px, and by Ctrl+B for as long as one likes", async ({ page }) => {
    await page.goto("/dags");
    const nav = page.getByRole("navigation", { name: "Main" }).first();
    await expect(nav).toHaveJSProperty("offsetWidth", 184);
    await page.keyboard.press("Control+b");
    await expect(nav).toHaveJSProperty("offsetWidth", 48);
    await page.reload();
    await expect(nav).toHaveJSProperty("offsetWidth", 48);
    await expectAccessible(page);
    await page.keyboard.press("Control+b");
    await expect(nav).toHaveJSProperty("offsetWidth", 184);
    await page.setViewportSize({ width: 1100, height: 800 });
    await expect(nav).toHaveJSProperty("offsetWidth", 48);
  });

  test("the theme is the system's until one chooses, and stays", async ({ page }) => {
    const html = page.locator("html");
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto("/dags");
    await expect(html).toHaveAttribute("data-theme", "dark");
    await page.emulateMedia({ colorScheme: "light" });
    await expect(html).toHaveAttribute("data-theme", "light");
    await page.getByRole("button", { name: "You: user" }).click();
    await page.getByRole("menuitemradio", { name: "Dark" }).click();
    await expect(html).toHaveAttribute("data-theme", "dark");
    await page.reload();
    await expect(html).toHaveAttribute("data-theme", "dark");
  });

  test("by keys alone: into the list, a switch, the menu and out", async ({ page, vane }) => {
    await page.goto("/dags");
    const toggle = page.getByRole("switch", { name: "greet is active" });
    await toggle.waitFor();
    for (let presses = 0; !(await toggle.evaluate((node) => node === document.activeElement)); presses++) {
      expect(presses, "the switch is reached").toBeLessThan(40);
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Space");
    await expect(toggle).not.toBeChecked();
    await expect
      .poll(async () => {
        const { rows } = await vane.db.query<{ paused: boolean }>(
          "select paused from dag where dag_id = 'greet'",
        );
        return rows;
      })
      .toEqual([{ paused: true }]);
    await page.keyboard.press("Space");
    await expect(toggle).toBeChecked();

    const you = page.getByRole("button", { name: "You: user" });
    await you.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("End");
    await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(you).toBeFocused();
  });
});
