import { formFinder, type FormFinder } from "./find-forms";

/** Shorter ones are words of any text: masking them would tell more than it hides, and ruin the log. */
const MIN_LENGTH = 4;
const MASK = "***";

export interface Masker {
  readonly add: (secrets: readonly string[]) => void;
  readonly mask: (text: string) => string;
  /** Length of the longest form, 0 without secrets: a text that goes on may be cut only this far before its end. */
  readonly longest: number;
}

/** Replaces secrets in every form they are likely to be printed in. Linear in the text, however many there are. */
export function masker(): Masker {
  const forms = new Set<string>();
  let finder: FormFinder | undefined;
  return {
    add(secrets) {
      const known = forms.size;
      for (const form of secrets.flatMap(formsOf)) forms.add(form);
      if (forms.size > known) finder = formFinder(forms);
    },
    mask: (text) => (finder ? masked(text, finder) : text),
    get longest() {
      return finder?.longest ?? 0;
    },
  };
}

function masked(text: string, { find }: FormFinder): string {
  const ranges = find(text);
  if (ranges.length === 0) return text;
  let at = 0;
  let result = "";
  for (const { from, to } of ranges) {
    result += text.slice(at, from) + MASK;
    at = to;
  }
  return result + text.slice(at);
}

export function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= 2 * MIN_LENGTH);
  const parts = lines.length > 1 ? [secret, ...lines] : [secret];
  const plain = parts.filter((part) => part.length >= MIN_LENGTH);
  return plain.flatMap((part) => [
    part,
    inJson(part),
    inJson(inJson(part)),
    inspected(part),
    inJson(inspected(part)),
    ...inUrl(part),
    ...inBase64(part),
  ]);
}

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

/** As console.log shows it inside of an object. */
const inspected = (text: string) => inJson(text).replaceAll('\\"', '"');

/** As a query, as a form, and as a user or password, each of which encodes other characters; hex may be small, too. */
function inUrl(text: string): string[] {
  const whole = Buffer.from(text).toString(); // a lone surrogate is no character that a URL could hold
  const query = encodeURIComponent(whole);
  const form = new URLSearchParams({ "": whole }).toString().slice(1);
  const userinfo = withPassword(whole);
  return [query, form, userinfo].flatMap((one) => [
    one,
    one.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  ]);
}

function withPassword(text: string): string {
  const url = new URL("x://u@h");
  url.password = text;
  return url.password;
}

/** Inside of a longer base64 text a secret looks like one of three, by where it begins; its edges mix with neighbours. */
function inBase64(text: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
    const begin = [0, 2, 3][offset] ?? 0;
    const whole = Math.floor((bytes.length * 8) / 6);
    const form = bytes.toString("base64").slice(begin, whole);
    return form.length >= 2 * MIN_LENGTH ? [form, form.replaceAll("+", "-").replaceAll("/", "_")] : [];
  });
}
