/*
 * `npm run screenshots [-- FOLDER [MOCK-UPS [NAME...]]]`: every page in its states, wide and on a phone, in both themes, of a
 * Vane of its own; FOLDER/index.html shows each beside its mock-up. They are there to be looked at.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { chromium, type Browser } from "@playwright/test";
import { ROLES } from "../../server/auth/permissions";
import configuration from "../../playwright.config";
import { createAccount, signIn, type Account } from "../system/accounts";
import { DAGS } from "../system/dags";
import { startSystem, type System } from "../system/start-system";
import { SCENES, type Scene } from "./scenes";
import { sheet, type Shot } from "./sheet";

const [folder = ".vane/screenshots", mocks = "docs/ui", ...names] = process.argv.slice(2);
const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
const THEMES = ["light", "dark"] as const;

const BROKEN = {
  "broken.ts": 'import { dag } from "vane";\n\nexport default dag({ id: nobody }, () => {});\n',
};

async function shoot(browser: Browser, vane: System, scene: Scene, account: Account | undefined) {
  const shots: Shot[] = [];
  const session = account && (await signIn(vane, account));
  for (const size of ["wide", "phone"] as const) {
    for (const theme of THEMES) {
      const context = await browser.newContext({
        baseURL: vane.url,
        viewport: SIZES[size],
        colorScheme: theme,
        reducedMotion: "reduce",
        ...(session && { storageState: await session.storageState() }),
      });
      const page = await context.newPage();
      await page.goto(scene.path === "set-up link" ? vane.setUpUrl : scene.path, {
        waitUntil: "networkidle",
      });
      await scene.prepare?.(page, vane, account);
      const file = `${scene.name}-${size}-${theme}.png`;
      await page.screenshot({ path: path.join(folder, file), animations: "disabled" });
      shots.push({ scene, size, theme, file });
      await context.close();
    }
  }
  await session?.dispose();
  return shots;
}

async function shootAll(browser: Browser, scenes: readonly Scene[], untouched: boolean): Promise<Shot[]> {
  const vane = await startSystem(untouched ? {} : { ...DAGS, ...BROKEN });
  try {
    const shots: Shot[] = [];
    // Who has not signed in comes first: with an admin there is nothing to set up.
    for (const scene of scenes.filter(({ role }) => role === undefined)) {
      if (!untouched && shots.length === 0) await createAccount(vane, "admin");
      shots.push(...(await shoot(browser, vane, scene, undefined)));
    }
    for (const role of ROLES) {
      const account = await createAccount(vane, role);
      if (role === "user" && !untouched) await triggerAll(vane);
      for (const scene of scenes.filter((one) => one.role === role)) {
        shots.push(...(await shoot(browser, vane, scene, account)));
      }
    }
    return shots;
  } finally {
    await vane.stop();
  }
}

/** Runs to look at. */
async function triggerAll(vane: System) {
  for (let times = 0; times < 3; times++) {
    for (const dag of ["greet", "refuse", "nightly", "hourly", "often"]) {
      await vane.vane(["dags", "trigger", dag, "--wait"]);
    }
  }
}

mkdirSync(folder, { recursive: true });
const scenes = SCENES.filter(({ name }) => names.length === 0 || names.includes(name));
const browser = await chromium.launch(configuration.use?.launchOptions);
const isUntouched = (scene: Scene) => scene.untouched === true;
const shots = [
  ...(await shootAll(
    browser,
    scenes.filter((scene) => !isUntouched(scene)),
    false,
  )),
  ...(await shootAll(browser, scenes.filter(isUntouched), true)),
];
await browser.close();
writeFileSync(path.join(folder, "index.html"), sheet(shots, path.resolve(mocks)));
process.stdout.write(`${shots.length} pictures: ${path.join(folder, "index.html")}\n`);
