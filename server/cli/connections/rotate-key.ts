import type { Command } from "commander";
import { readConfig } from "../../config/config";
import { addSecretKey, openHome } from "../../config/home";
import { VaneError } from "../../platform/errors";
import { lockFolder } from "../../supervisor/folder-lock";
import type { Cli } from "../cli";

export function addConnectionsRotateKey(connections: Command, cli: Cli): void {
  connections
    .command("rotate-key")
    .description("Make a new key for secrets, while Vane is stopped; its next start encrypts everything anew")
    .action(() =>
      cli.run(async ({ project }) => {
        const config = readConfig({ project });
        const { folder } = openHome(config.home);
        // A scheduler that runs has been given its keys, and could not read what is written under a newer one.
        const lock = await lockFolder(folder);
        if (lock.kind === "busy") {
          throw new VaneError(
            "home.in_use",
            `Vane runs in ${config.projectFolder} (process ${lock.pid}). Stop it first, and start it again afterwards.`,
          );
        }
        const id = addSecretKey(openHome(folder));
        lock.release();
        process.stdout.write(
          `${id} is the new first key in ${folder}/key.json. Start Vane: it encrypts all secrets anew with it. ` +
            "The older keys stay in the file until you take them out.\n",
        );
        return 0;
      }),
    );
}
