import { StringDecoder } from "node:string_decoder";
import { MAX_MESSAGE } from "../logs/log-line";
import type { Masker } from "../logs/mask";

export interface RawLines {
  take(chunk: Buffer): void;
  /** The unfinished last line. */
  flush(): void;
}

/** Lines of a byte stream nobody has looked at: broken UTF-8 becomes U+FFFD, endless lines come in pieces. */
export function rawLines(masker: Masker, passOn: (line: string) => void): RawLines {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  return {
    take(chunk) {
      const lines = (rest + decoder.write(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) passOn(line);
      const { longest } = masker;
      if (rest.length <= MAX_MESSAGE + longest) return;
      // Masked before it is cut: a secret that has only begun to arrive is shorter than what is kept.
      rest = masker.mask(rest);
      const end = rest.length - longest;
      passOn(rest.slice(0, end));
      rest = rest.slice(end);
    },
    flush() {
      rest += decoder.end();
      if (rest !== "") passOn(rest);
      rest = "";
    },
  };
}
