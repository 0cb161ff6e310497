import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Of a menu that is open: they take the focus only to hand it on. */
const FOCUS_GUARDS = "[data-base-ui-focus-guard]";

/** In both themes, whatever the page is set to. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expect(page.locator("html")).toHaveAttribute("data-theme", colorScheme);
    const { violations } = await new AxeBuilder({ page }).exclude(FOCUS_GUARDS).analyze();
    const found = violations.map(
      ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((n) => n.html).join("\n")}`,
    );
    expect(found, `${page.url()}, ${colorScheme}`).toEqual([]);
  }
}
