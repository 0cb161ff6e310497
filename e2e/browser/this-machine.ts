import { chromium } from "@playwright/test";
import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import type { Machine } from "./find-browser";

/** As it is; `environment` is handed in by the tool's configuration, which may read it. */
export function thisMachine(environment: Readonly<Record<string, string | undefined>>): Machine {
  const folders = (environment["PATH"] ?? "").split(delimiter).filter(isAbsolute);
  return {
    named: environment["CHROMIUM_PATH"],
    isRoot: process.getuid?.() === 0,
    playwrights: chromium.executablePath(),
    program(name) {
      const paths = name.includes("/") ? [name] : folders.map((folder) => join(folder, name));
      return paths.find(isProgram);
    },
    run(command, args) {
      const env = { ...environment, DEBIAN_FRONTEND: "noninteractive" };
      return spawnSync(command, args, { env, stdio: "inherit" }).status === 0;
    },
  };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
