import type { Command } from "commander";
import { listImportErrors, type ImportErrorRow } from "../../db/queries/list-import-errors";
import { query } from "../../db/sql/statement";
import type { Cli } from "../cli";
import { safeText } from "../format/safe-text";
import { importErrorJson } from "../json";

export function addDagsListImportErrors(dags: Command, cli: Cli): void {
  dags
    .command("list-import-errors")
    .description("List the DAG files that could not be loaded, and why; and those with warnings")
    .action(() =>
      cli.withSystem(async ({ db, terminal, print }) => {
        const errors = await query(db, listImportErrors());
        if (print.format === "json") print.list(errors, importErrorJson, []);
        else if (errors.length === 0) print.note("Every DAG file could be loaded.");
        else terminal.out(errors.map(inWords).join("\n"));
        return undefined;
      }),
    );
}

function inWords({ file, line, column, code, sentence, frame, dagIds, severity }: ImportErrorRow): string {
  const place = [file, line, column].filter((part) => part !== null).join(":");
  const keeps =
    severity === "error" && dagIds.length > 0
      ? [`${dagIds.join(", ")}: the last good version stays in use.`]
      : [];
  return [
    `${place}  ${code}${severity === "warning" ? " (warning)" : ""}`,
    sentence,
    ...(frame ? [frame] : []),
    ...keeps,
  ]
    .map((part) => `${safeText(part)}\n`)
    .join("");
}
