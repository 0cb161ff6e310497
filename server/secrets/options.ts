import { z } from "zod";
import { KeyRing } from "./key-ring";

/** What VANE_CONN_* and VANE_VAR_* say, by the name behind the prefix. */
export const SecretEnvironment = z.strictObject({
  connections: z.record(z.string(), z.string()),
  variables: z.record(z.string(), z.string()),
});
export type SecretEnvironment = z.infer<typeof SecretEnvironment>;

/** All that it takes to read secrets. Never given to a worker, a loader or a runtime. */
export const SecretOptions = z.strictObject({ keys: KeyRing, environment: SecretEnvironment });
export type SecretOptions = z.infer<typeof SecretOptions>;

/** Of connections and of variables. */
export const SecretId = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,200}$/, "Letters, digits, _, - and . are wanted, 200 at most.");

export const environmentName = (id: string) => id.toUpperCase().replace(/[-.]/g, "_");
