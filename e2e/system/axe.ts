import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Of a menu that is open: they take the focus only to hand it on. */
const FOCUS_GUARDS = "[data-base-ui-focus-guard]";

/**
 * In both themes, whatever the page is set to.
 * @param part of the page, where the rest of it has been looked at
 */
export async function expectAccessible(page: Page, part = "body"): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expect(page.locator("html")).toHaveAttribute("data-theme", colorScheme);
    const { violations } = await new AxeBuilder({ page }).include(part).exclude(FOCUS_GUARDS).analyze();
    const found = violations.map(
      ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((n) => n.html).join("\n")}`,
    );
    expect(found, `${page.url()}, ${colorScheme}`).toEqual([]);
  }
}
