"use client";

import { EllipsisVertical, Pause, Play } from "lucide-react";
import { usePauseDag } from "../mutations/use-pause-dag";
import { useTriggerRun } from "../mutations/use-trigger-run";
import { useWhyNot } from "../shell/use-why-not";
import { IconButton } from "../ui/icon-button";
import { Menu, MenuItem } from "../ui/menu";

interface Props {
  readonly dagId: string;
  readonly paused: boolean;
}

/** What can be done with a DAG where there is no room for words. */
export function DagActions({ dagId, paused }: Props) {
  const { setPaused } = usePauseDag(dagId);
  const { trigger } = useTriggerRun(dagId);
  const whyNot = useWhyNot();
  return (
    <Menu
      align="end"
      trigger={
        <IconButton
          label={whyNot ?? `Actions for ${dagId}`}
          icon={EllipsisVertical}
          disabled={whyNot !== undefined}
          className="size-11 disabled:opacity-50"
        />
      }
    >
      <MenuItem onClick={trigger}>
        <Play size={14} strokeWidth={1.75} aria-hidden="true" />
        Trigger
      </MenuItem>
      <MenuItem
        onClick={() => {
          setPaused(!paused);
        }}
      >
        {paused ? (
          <Play size={14} strokeWidth={1.75} aria-hidden="true" />
        ) : (
          <Pause size={14} strokeWidth={1.75} aria-hidden="true" />
        )}
        {paused ? "Activate" : "Pause"}
      </MenuItem>
    </Menu>
  );
}
