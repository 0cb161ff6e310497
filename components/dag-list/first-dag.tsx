"use client";

import { Check, Copy, FileCode } from "lucide-react";
import { useState } from "react";
import { buttonClass } from "../ui/button-class";
import { FIRST_DAG } from "./first-dag-text";

/** There is none yet: how to write the first one. */
export function FirstDag() {
  return (
    <div className="min-h-0 flex-1 overflow-auto px-14 py-11 max-md:px-4 max-md:py-6">
      <h2 className="text-20 font-semibold tracking-[-0.015em]">Write a DAG and save it</h2>
      <p className="mt-1 max-w-[560px] text-text-2">
        Vane watches <code className="text-text-1">dags/</code>. The file appears here a moment after you save
        it, and its schedule starts at once.
      </p>
      <figure className="mt-5 max-w-[704px] overflow-hidden rounded-panel border border-border-1">
        <figcaption className="flex h-9 items-center gap-2 border-b border-border-1 bg-surface-2 pr-2 pl-3.5 max-md:h-12">
          <FileCode size={14} strokeWidth={1.75} aria-hidden="true" />
          <code>dags/hello.ts</code>
          <CopyButton text={FIRST_DAG} />
        </figcaption>
        <pre className="overflow-x-auto px-3.5 py-3 leading-[18px]" tabIndex={0}>
          {FIRST_DAG}
        </pre>
      </figure>
    </div>
  );
}

function CopyButton({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      className={`ml-auto ${buttonClass({ kind: "ghost", size: "small" })}`}
      onClick={() => {
        void navigator.clipboard.writeText(text).then(() => {
          setCopied(true);
        });
      }}
    >
      <Icon size={14} strokeWidth={1.75} aria-hidden="true" />
      {copied ? "Copied" : "Copy"}
    </button>
  );
}
