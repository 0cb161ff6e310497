import { Glyph } from "../ui/glyph";
import { runLook, wordOf, type RunLook } from "../ui/run-look";
import { spanInWords } from "../ui/spans";
import { barHeights } from "./bar-heights";
import type { DagSummary } from "./dag-summary";

type Run = DagSummary["runs"][number];

interface Props {
  /** Oldest first. */
  readonly runs: readonly Run[];
  /** How many fit. */
  readonly slots: 8 | 14;
}

/** The last runs: how they ended and, against each other, how long they took. */
export function RunBars({ runs, slots }: Props) {
  const shown = runs.slice(-slots);
  const heights = barHeights(shown.map(({ durationMs }) => durationMs));
  return (
    <span className="run-bars" role="img" aria-label={summary(shown)}>
      {Array.from({ length: slots - shown.length }, (_, index) => (
        <span key={`none-${index}`} className="run-bar none" />
      ))}
      {shown.map((run, index) => {
        const look = runLook(run.state, run.reason);
        return (
          <span
            key={run.runId}
            className={`run-bar state-${look} ${isLoud(look) ? "loud" : ""}`}
            title={inWords(run, look)}
          >
            <i style={{ height: `${heights[index] ?? 0}px` }}>
              {look !== "success" && <Glyph look={look} size={9} />}
            </i>
          </span>
        );
      })}
    </span>
  );
}

const isLoud = (look: RunLook) => look === "failed" || look === "cancelled" || look === "queued";

function inWords({ runId, durationMs }: Run, look: RunLook): string {
  return `${wordOf(look)}${durationMs === null ? "" : ` in ${spanInWords(durationMs)}`}\n${runId}`;
}

function summary(runs: readonly Run[]): string {
  if (runs.length === 0) return "No run yet";
  const counts = new Map<string, number>();
  for (const run of runs) {
    const word = wordOf(runLook(run.state, run.reason)).toLowerCase();
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const parts = [...counts].map(([word, count]) => `${count} ${word}`);
  return `Last ${runs.length} ${runs.length === 1 ? "run" : "runs"}: ${parts.join(", ")}`;
}
