/** Shorter ones are words of any text: masking them would tell more than it hides, and ruin the log. */
const MIN_LENGTH = 4;
const MASK = "***";

export interface Masker {
  add(secrets: readonly string[]): void;
  mask(text: string): string;
  /** Length of the longest form: a text that goes on may be cut only this far before its end. */
  readonly longest: number;
}

/** Replaces secrets in every form they are likely to be printed in. Linear in the text. */
export function masker(): Masker {
  const forms = new Set<string>();
  let pattern: RegExp | undefined;
  let longest = 0;
  return {
    add(secrets) {
      for (const form of secrets.flatMap(formsOf)) forms.add(form);
      if (forms.size === 0) return;
      // The longer first: an alternation takes the first that fits.
      const sorted = [...forms].sort((a, b) => b.length - a.length);
      longest = sorted[0]?.length ?? 0;
      pattern = new RegExp(sorted.map(escaped).join("|"), "g");
    },
    mask: (text) => (pattern ? text.replace(pattern, MASK) : text),
    get longest() {
      return longest;
    },
  };
}

function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= 2 * MIN_LENGTH);
  const parts = lines.length > 1 ? [secret, ...lines] : [secret];
  const plain = parts.filter((part) => part.length >= MIN_LENGTH);
  return plain.flatMap((part) => [part, inJson(part), inJson(inJson(part)), inUrl(part), ...inBase64(part)]);
}

/** A lone surrogate is no character that a URL could hold. */
const inUrl = (text: string) => encodeURIComponent(Buffer.from(text).toString());

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

/** Inside of a longer base64 text a secret looks like one of three, by where it begins; its edges mix with neighbours. */
function inBase64(text: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
    const begin = [0, 2, 3][offset] ?? 0;
    const whole = Math.floor((bytes.length * 8) / 6);
    const form = bytes.toString("base64").slice(begin, whole);
    return form.length >= 2 * MIN_LENGTH ? [form] : [];
  });
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
