"use client";

import { Play } from "lucide-react";
import { useTriggerRun } from "../mutations/use-trigger-run";
import { useWhyNot } from "../shell/use-why-not";
import { buttonClass } from "../ui/button-class";

export function TriggerButton({ dagId }: { readonly dagId: string }) {
  const { sending, trigger } = useTriggerRun(dagId);
  const whyNot = useWhyNot();
  const disabled = sending || whyNot !== undefined;
  return (
    <button
      type="button"
      aria-label={`Trigger ${dagId}`}
      aria-disabled={disabled}
      title={whyNot}
      className={buttonClass({ kind: "ghost", size: "small" })}
      onClick={() => {
        if (!disabled) trigger();
      }}
    >
      <Play size={14} strokeWidth={1.75} aria-hidden="true" />
      Trigger
    </button>
  );
}
