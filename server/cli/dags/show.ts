import type { Command } from "commander";
import type { DagRow } from "../../db/queries/find-dag";
import { buildGraph } from "../../domain/graph";
import type { Json, Node } from "../../domain/serialized-dag";
import { listImportErrors } from "../../db/queries/list-import-errors";
import { query } from "../../db/sql/statement";
import type { Cli } from "../cli";
import { safeText } from "../format/safe-text";
import { durationInWords } from "../../domain/duration-in-words";
import { shortIso } from "../format/duration";
import { record, table } from "../format/table";
import { dagJson, scheduleInWords } from "../json";
import { dagOf } from "../look-up";

export function addDagsShow(dags: Command, cli: Cli): void {
  dags
    .command("show")
    .description("Show one DAG: its settings, its tasks and what each of them waits for")
    .argument("<dag_id>")
    .action((dagId: string) =>
      cli.withSystem(async ({ db, print }) => {
        const dag = await dagOf(db, dagId);
        const problems = (await query(db, listImportErrors())).filter(({ file }) => file === dag.file);
        print.either(
          () => showJson(dag),
          () => showText(dag),
        );
        for (const { severity, sentence } of problems) print.note(`${severity}: ${safeText(sentence)}`);
        return undefined;
      }),
    );
}

function showJson(dag: DagRow) {
  const { structure } = dag;
  const { downstream } = buildGraph(structure);
  return {
    ...dagJson({ ...dag, schedule: structure.schedule, settings: structure.settings }),
    is_active: dag.active,
    params: structure.params,
    tasks: structure.nodes.map((node, at) => ({
      task_id: node.id,
      upstream_task_ids: node.after,
      downstream_task_ids: (downstream[at] ?? []).flatMap((below) => structure.nodes[below]?.id ?? []),
      trigger_rule: node.rule,
      retries: node.settings.retries,
      retry_delay: node.settings.retryDelayMs / 1_000,
      execution_timeout: node.settings.timeoutMs === null ? null : node.settings.timeoutMs / 1_000,
      line: node.line,
    })),
  };
}

function showText(dag: DagRow): string {
  const { structure, active, owned } = dag;
  const { settings } = structure;
  const about = record([
    ["dag_id", dag.dagId],
    ["description", settings.description],
    ["file", active ? dag.file : `${dag.file} (does not define it any more)`],
    ["version", `${dag.version}, of ${shortIso(dag.versionCreatedAt)}`],
    ["schedule", scheduleInWords(structure.schedule) ?? "none: triggered only"],
    ["timezone", structure.schedule ? settings.timezone : ""],
    ["paused", dag.paused ? `yes: \`vane dags unpause ${dag.dagId}\` lets it run` : "no"],
    ["next run", dag.paused ? "" : shortIso(dag.nextRun)],
    ["catchup", catchupInWords(settings.catchup)],
    ["limits", `${settings.maxActiveRuns} active runs, ${settings.maxActiveTasks} active tasks`],
    ["run timeout", settings.timeoutMs === null ? "" : durationInWords(settings.timeoutMs)],
    ["tags", settings.tags.join(", ")],
    ["owners", settings.owners.map(({ name }) => name).join(", ")],
    ["params", paramsInWords(structure.params)],
    ["scheduler", owned || dag.quarantine !== null ? "" : "none owns it just now"],
    ["quarantine", dag.quarantine === null ? "" : `${dag.quarantine} It is tried again every minute.`],
  ]);
  const tasks = table(structure.nodes, [
    { heading: "task_id", of: ({ id }) => id },
    { heading: "waits_for", of: ({ after }) => after.join(", ") || "-" },
    { heading: "retries", of: retriesInWords },
    {
      heading: "timeout",
      of: ({ settings: { timeoutMs } }) => (timeoutMs === null ? "-" : durationInWords(timeoutMs)),
    },
    { heading: "line", of: ({ line }) => line ?? "-" },
  ]);
  return `${about}\n${tasks}`;
}

const catchupInWords = (catchup: boolean | number) =>
  typeof catchup === "number" ? `the last ${durationInWords(catchup)}` : catchup ? "yes" : "no";

const retriesInWords = ({ settings: { retries, retryDelayMs } }: Node) =>
  retries === 0 ? "-" : `${retries}, after ${durationInWords(retryDelayMs)}`;

function paramsInWords(schema: Json): string {
  const properties = objectAt(schema, "properties");
  return Object.entries(properties)
    .map(([name, property]) => {
      const { type, default: standard } = objectOf(property);
      const known = typeof type === "string" ? `: ${type}` : "";
      return `${name}${known}${standard === undefined ? "" : ` = ${JSON.stringify(standard)}`}`;
    })
    .join(", ");
}

const objectAt = (value: Json, key: string) => objectOf(objectOf(value)[key]);

const objectOf = (value: Json | undefined): Readonly<Record<string, Json>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)
    : {};
