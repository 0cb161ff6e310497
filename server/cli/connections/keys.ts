import { readConfig } from "../../config/config";
import { openHome } from "../../config/home";
import type { SecretDoor } from "../../commands/set-connection";
import type { SecretOptions } from "../../secrets/options";
import type { Running } from "../cli";

/** With the keys of the project's `.vane`: who may read them may know every secret. */
export function secretDoor({ db, door, system }: Running): SecretDoor {
  return { db, principal: door().principal, keys: openHome(system.home).keys };
}

/**
 * What the running system's environment defines goes before the database there, so it does here; what it says is known
 * only where this command was given the same variables.
 */
export function secretOptions({ system }: Running): SecretOptions {
  const own = readConfig({ project: system.project }).secretEnvironment;
  const known = (values: Readonly<Record<string, string>>, names: readonly string[]) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
  return {
    keys: openHome(system.home).keys,
    environment: {
      connections: known(own.connections, system.environment.connections),
      variables: known(own.variables, system.environment.variables),
    },
  };
}
