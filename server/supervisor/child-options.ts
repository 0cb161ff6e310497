import { z } from "zod";
import { AuthOptions } from "../auth/options";
import { Retention } from "../domain/retention";
import { SecretOptions } from "../secrets/options";

/** What a supervisor tells its children; each is parsed by the child, too. Secrets among it never stand in argv. */
const common = { logLevel: z.string() };
/** For tests of long pauses. */
const limitsDivisor = z.int().min(1);

export const SchedulerOptions = z.strictObject({
  ...common,
  databaseUrl: z.string(),
  runFolder: z.string(),
  installKey: z.string(),
  home: z.string(),
  publicUrl: z.string(),
  secrets: SecretOptions,
  limitsDivisor,
  retention: Retention,
});

export const LoaderOptions = z.strictObject({
  ...common,
  databaseUrl: z.string(),
  projectFolder: z.string(),
  dagFolders: z.array(z.strictObject({ path: z.string(), demo: z.boolean().exactOptional() })),
  home: z.string(),
  childEntry: z.string(),
  childEnv: z.record(z.string(), z.string()),
});

export const WorkerOptions = z.strictObject({
  ...common,
  runFolder: z.string(),
  installKey: z.string(),
  home: z.string(),
  projectFolder: z.string(),
  slots: z.int().min(1),
  limitsDivisor,
  runtimeEntry: z.string(),
  /** All that a runtime inherits. */
  env: z.record(z.string(), z.string()),
});

export const TriggererOptions = z.strictObject({
  ...common,
  databaseUrl: z.string(),
  publicUrl: z.string(),
  secrets: SecretOptions,
});

export const WebOptions = z.strictObject({
  ...common,
  databaseUrl: z.string(),
  host: z.string(),
  port: z.int(),
  dist: z.string(),
  environmentName: z.string(),
  migrations: z.string(),
  /** Processes whose beat must be fresh before it calls itself ready. */
  expects: z.array(z.enum(["scheduler", "loader", "triggerer", "worker"])),
  instance: z.string(),
  publicUrl: z.string(),
  auth: AuthOptions,
});
