import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { z } from "zod";
import { authOptions } from "../auth/options";
import type { DemoOptions } from "../demo/options";
import type { Retention } from "../domain/retention";
import type { SecretOptions } from "../secrets/options";
import type {
  LoaderOptions,
  SchedulerOptions,
  TriggererOptions,
  WebOptions,
  WorkerOptions,
} from "./child-options";
import type { ChildSpec } from "./children";

export interface Plan {
  /** The built processes. */
  readonly dist: string;
  readonly migrations: string;
  readonly databaseUrl: string;
  readonly runFolder: string;
  readonly home: string;
  readonly installKey: string;
  readonly projectFolder: string;
  readonly dagFolders: readonly { readonly path: string; readonly demo?: boolean }[];
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  /** Of this start; see WebOptions. */
  readonly instance: string;
  /** For the link of the first admin. */
  readonly setUpToken?: string | undefined;
  readonly slots: number;
  readonly limitsDivisor: number;
  readonly logLevel: string;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: SecretOptions;
  readonly retention: Retention;
  readonly demo?: DemoOptions | undefined;
}

/** Little to do and little garbage: a small young generation costs them nothing. */
const SMALL = ["--max-semi-space-size=1", "--optimize-for-size"];

/** In the order in which they start. */
export function planChildren(plan: Plan): ChildSpec[] {
  const { dist, databaseUrl, runFolder, home, installKey, projectFolder, publicUrl, logLevel, env } = plan;
  const file = (name: string) => join(dist, `${name}.cjs`);
  const scheduler: z.input<typeof SchedulerOptions> = {
    ...{ logLevel, databaseUrl, runFolder, installKey, home, publicUrl },
    secrets: plan.secrets,
    limitsDivisor: plan.limitsDivisor,
    retention: plan.retention,
  };
  const worker: z.input<typeof WorkerOptions> = {
    ...{ logLevel, runFolder, installKey, home, projectFolder },
    slots: plan.slots,
    limitsDivisor: plan.limitsDivisor,
    runtimeEntry: file("runtime"),
    env: { ...env },
  };
  const loader: z.input<typeof LoaderOptions> = {
    ...{ logLevel, databaseUrl, projectFolder, home },
    dagFolders: [...plan.dagFolders],
    childEntry: file("loader-child"),
    childEnv: { ...env },
  };
  const triggerer: z.input<typeof TriggererOptions> = {
    ...{ logLevel, databaseUrl, publicUrl },
    secrets: plan.secrets,
  };

  const others = [
    { name: "scheduler", options: scheduler },
    { name: "worker", options: worker },
    { name: "loader", options: loader, nodeOptions: SMALL },
    { name: "triggerer", options: triggerer, nodeOptions: SMALL },
  ] as const;
  const built = others.filter(({ name }) => existsSync(file(name)));
  const web: z.input<typeof WebOptions> = {
    ...{ logLevel, databaseUrl },
    host: plan.host,
    port: plan.port,
    dist,
    environmentName: basename(projectFolder),
    migrations: plan.migrations,
    expects: built.map(({ name }) => name),
    instance: plan.instance,
    publicUrl,
    auth: authOptions(installKey, plan.setUpToken),
  };
  // First, since the others talk to it.
  const demo = plan.demo ? [{ name: "demo", options: plan.demo, nodeOptions: SMALL }] : [];
  // React has a slower build of itself for any other NODE_ENV.
  const webEnv = { ...env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  return [...demo, ...built, { name: "web", options: web, nodeOptions: SMALL, env: webEnv }].map((child) => ({
    env,
    ...child,
    entry: file(child.name),
  }));
}
