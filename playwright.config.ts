import { defineConfig } from "@playwright/test";
import { findBrowser } from "./e2e/browser/find-browser";
import { thisMachine } from "./e2e/browser/this-machine";

const browser = findBrowser(thisMachine(process.env));
if (browser.kind === "missing") throw new Error(browser.sentence);
// The workers read this file again, and shall not look again.
process.env["CHROMIUM_PATH"] = browser.path;

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  outputDir: ".vane/e2e",
  globalSetup: "e2e/system/build.ts",
  // Each has a Vane of its own.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    // Without a picture of each step, which costs more than the step.
    trace: { mode: "retain-on-failure", screenshots: false, sources: false, snapshots: true },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: browser.path,
      args: ["--disable-gpu", "--disable-background-networking"],
      chromiumSandbox: process.getuid?.() !== 0,
    },
  },
});
