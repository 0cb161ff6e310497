import type { Page } from "@playwright/test";
import type { Role } from "../../server/auth/permissions";
import type { Account } from "../system/accounts";
import type { System } from "../system/start-system";

/** A page in a state, and the mock-up that it is held against. */
export interface Scene {
  readonly name: string;
  readonly path: string;
  /** Who looks; left out: nobody who has signed in. */
  readonly role?: Role;
  /** In a Vane without accounts and DAGs. */
  readonly untouched?: true;
  /** Picture of shared/ui/png without theme and ending, wide and on a phone. */
  readonly mock?: { readonly wide?: string; readonly phone?: string };
  readonly prepare?: (page: Page, vane: System, account: Account | undefined) => Promise<void>;
}

const typed = (page: Page, label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text);

export const SCENES: readonly Scene[] = [
  {
    name: "sign-in",
    path: "/sign-in",
    mock: { wide: "sign-in" },
    async prepare(page) {
      await typed(page, "Email", "mira@example.com");
      await typed(page, "Password", "weathercock!");
      await page.keyboard.press("Enter");
      await page.locator("form").getByRole("alert").waitFor();
      await page.getByLabel("Password", { exact: true }).focus();
    },
  },
  { name: "no-admin-yet", path: "/sign-in", untouched: true },
  {
    name: "set-up",
    path: "set-up link",
    untouched: true,
    mock: { wide: "setup" },
    async prepare(page) {
      await typed(page, "Name", "ops admin");
      await typed(page, "Email", "mira@example.com");
      await typed(page, "Password", "weather-cock-ledger-");
      await page.getByRole("button", { name: "Show the password" }).click();
      await page.getByLabel("Password", { exact: true }).focus();
    },
  },
  { name: "set-up-wrong-link", path: "/set-up#not-the-token", untouched: true },
  {
    name: "set-up-problems",
    path: "set-up link",
    untouched: true,
    async prepare(page) {
      await page.getByRole("button", { name: "Create the admin" }).click();
      await page.getByText("A name is missing.").waitFor();
    },
  },
  { name: "not-found", path: "/nothing" },
  {
    name: "dags",
    path: "/dags",
    role: "user",
    mock: { wide: "dags", phone: "phone-dags" },
    prepare: listed,
  },
  { name: "dags-viewer", path: "/dags", role: "viewer", mock: { wide: "dags" }, prepare: listed },
  { name: "dags-empty", path: "/dags", role: "admin", untouched: true, mock: { wide: "empty" } },
  {
    name: "user-menu",
    path: "/dags",
    role: "admin",
    async prepare(page) {
      await listed(page);
      await page
        .getByRole("button", { name: /^(You: |More)/ })
        .filter({ visible: true })
        .click();
      await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    },
  },
  {
    name: "no-connection",
    path: "/dags",
    role: "user",
    mock: { wide: "error" },
    async prepare(page) {
      await listed(page);
      await page.context().setOffline(true);
      await page.getByText("No connection since").waitFor();
    },
  },
  {
    name: "code-frame",
    path: "/dags",
    role: "user",
    mock: { wide: "error" },
    async prepare(page) {
      await page.getByRole("button", { name: "Show code frame" }).click();
      await page.locator("pre").waitFor();
    },
  },
];

async function listed(page: Page) {
  await page.getByText("greet", { exact: true }).waitFor();
}
