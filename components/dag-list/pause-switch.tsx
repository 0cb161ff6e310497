"use client";

import { usePauseDag } from "../mutations/use-pause-dag";
import { useWhyNot } from "../shell/use-why-not";
import { Switch } from "../ui/switch";

interface Props {
  readonly dagId: string;
  readonly paused: boolean;
}

export function PauseSwitch({ dagId, paused }: Props) {
  const { wanted, setPaused } = usePauseDag(dagId);
  const whyNot = useWhyNot();
  const active = !(wanted ?? paused);
  return (
    <Switch
      checked={active}
      disabled={whyNot !== undefined}
      label={`${dagId} is active`}
      title={whyNot ?? (active ? "Active. Click to pause" : "Paused. Click to activate")}
      onChange={(checked) => {
        setPaused(!checked);
      }}
    />
  );
}
