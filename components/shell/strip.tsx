"use client";

import { Check, FileX2 } from "lucide-react";
import type { ReactNode } from "react";
import { countDags } from "../dag-list/count-dags";
import { useDagList } from "../dag-list/use-dag-list";
import type { RunLook } from "../ui/run-look";
import { RunMark } from "../ui/run-mark";
import { useNow } from "../ui/use-now";

/** What is not healthy, in words; the same on every page. */
export function Strip() {
  const { data } = useDagList();
  return (
    <footer
      aria-label="System"
      className="col-span-full flex items-center overflow-hidden border-t border-border-1 px-2 text-12 whitespace-nowrap text-text-2 max-md:hidden"
    >
      {data && <Facts {...countDags(data)} />}
      <Clock />
    </footer>
  );
}

function Facts({ filesThatDoNotLoad, failing, running, queued }: ReturnType<typeof countDags>) {
  const calm = filesThatDoNotLoad === 0 && failing === 0;
  return (
    <>
      {calm && (
        <Fact>
          <Check size={14} strokeWidth={1.75} aria-hidden="true" />
          <b className="font-medium text-text-1">No DAG fails</b>
        </Fact>
      )}
      {filesThatDoNotLoad > 0 && (
        <Fact>
          <FileX2 size={14} strokeWidth={1.75} aria-hidden="true" />
          <b className="font-medium text-text-1">{filesThatDoNotLoad}</b>{" "}
          {filesThatDoNotLoad === 1 ? "file does not load" : "files do not load"}
        </Fact>
      )}
      <Count look="failed" count={failing} word="failing" />
      <Count look="running" count={running} word="running" />
      <Count look="queued" count={queued} word="queued" />
    </>
  );
}

interface CountProps {
  readonly look: RunLook;
  readonly count: number;
  readonly word: string;
}

function Count({ look, count, word }: CountProps) {
  if (count === 0) return null;
  return (
    <Fact>
      <RunMark look={look} size={12} decorative />
      <b className={`font-medium ${look === "failed" ? "text-failed-ink" : "text-text-1"}`}>{count}</b> {word}
    </Fact>
  );
}

function Fact({ children }: { readonly children: ReactNode }) {
  return (
    <span className="flex h-4 items-center gap-1.5 border-border-2 px-2.5 not-first:border-l">
      {children}
    </span>
  );
}

function Clock() {
  const now = useNow();
  return (
    <span className="ml-auto flex items-center gap-1.5 px-2.5">
      <b className="font-medium text-text-1">{now?.toISOString().slice(11, 19) ?? "--:--:--"}</b> UTC
    </span>
  );
}
