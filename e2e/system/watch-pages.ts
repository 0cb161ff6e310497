import type { BrowserContext } from "@playwright/test";

/** What pages of this context do that they never should: break their content security policy, or throw. */
export function watchPages(context: BrowserContext): string[] {
  const seen: string[] = [];
  context.on("weberror", (thrown) => seen.push(String(thrown.error())));
  context.on("console", (message) => {
    if (/content security policy|hydrat/i.test(message.text())) seen.push(message.text());
  });
  return seen;
}
