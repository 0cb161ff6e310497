import { Glyph } from "./glyph";
import { sentenceOf, wordOf, type RunLook } from "./run-look";

interface Props {
  readonly look: RunLook;
  readonly size?: 12 | 14 | 18 | 20 | 24;
  /** Where the word stands beside it. */
  readonly decorative?: boolean;
}

/** Colour and glyph of a state. What went well is the mass, so it is quiet. */
export function RunMark({ look, size = 14, decorative = false }: Props) {
  const quiet = look === "success" ? "quiet" : "";
  return (
    <span
      className={`mark state-${look} ${quiet}`}
      style={{ "--z": `${size}px` }}
      {...(decorative
        ? { "aria-hidden": true }
        : { role: "img", "aria-label": wordOf(look), title: `${wordOf(look)}. ${sentenceOf(look)}` })}
    >
      <Glyph look={look} size={size} />
    </span>
  );
}
