"use client";

import { useQuery } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { FileWarning, FileX2 } from "lucide-react";
import { useState } from "react";
import type { AppRouter } from "../../server/api/root";
import { useTRPC } from "../trpc/trpc";
import { withoutPlace } from "./without-place";

type ImportError = inferRouterOutputs<AppRouter>["importErrors"]["list"][number];

const REFETCH_MS = 5_000;
/** More of them are folded. */
const SHOWN = 3;

/** Files of dags/ that do not load, or not as they were meant, with what to do about it. */
export function ImportErrors() {
  const trpc = useTRPC();
  const { data = [] } = useQuery(
    trpc.importErrors.list.queryOptions(undefined, { refetchInterval: REFETCH_MS }),
  );
  const [all, setAll] = useState(false);
  if (data.length === 0) return null;
  const shown = all ? data : data.slice(0, SHOWN);
  return (
    <section
      aria-label="Files that do not load"
      className="max-h-[40%] flex-none overflow-auto border-b border-border-1 bg-surface-2"
    >
      <ul>
        {shown.map((error) => (
          <Line key={`${error.severity} ${error.file} ${error.code}`} error={error} />
        ))}
      </ul>
      {data.length > SHOWN && (
        <button
          type="button"
          className="h-7 px-4 text-12 font-medium text-accent hover:underline max-md:h-11"
          onClick={() => {
            setAll(!all);
          }}
        >
          {all ? "Show fewer" : `Show all ${data.length}`}
        </button>
      )}
    </section>
  );
}

function Line({ error }: { readonly error: ImportError }) {
  const { file, line, column, sentence, frame, severity, dagIds } = error;
  const [open, setOpen] = useState(false);
  const Icon = severity === "error" ? FileX2 : FileWarning;
  const place = [file, line, column].filter((part) => part !== null).join(":");
  return (
    <li className="not-first:border-t not-first:border-border-1">
      <div className="flex min-h-9 items-center gap-2 px-4 max-md:py-1.5">
        <Icon size={14} strokeWidth={1.75} className="flex-none" aria-hidden="true" />
        <p className="min-w-0 flex-1 md:truncate" title={sentence}>
          <b className="font-medium">{severity === "error" ? "Does not load:" : "Warning:"}</b>{" "}
          <code>{place}</code>{" "}
          <span className="text-text-2">
            {withoutPlace(sentence, file)}
            {keptInWords(severity, dagIds.length)}
          </span>
        </p>
        {frame !== null && (
          <button
            type="button"
            aria-expanded={open}
            className="h-6 flex-none text-12 font-medium text-accent hover:underline max-md:h-11"
            onClick={() => {
              setOpen(!open);
            }}
          >
            {open ? "Hide code frame" : "Show code frame"}
          </button>
        )}
      </div>
      {open && (
        <pre tabIndex={0} className="overflow-x-auto border-t border-border-1 bg-surface-1 px-4 py-2.5">
          {frame}
        </pre>
      )}
    </li>
  );
}

function keptInWords(severity: ImportError["severity"], count: number): string {
  if (severity === "warning" || count === 0) return "";
  return count === 1 ? " Its last version keeps running." : " The last versions of its DAGs keep running.";
}
