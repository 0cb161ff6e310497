import { stripVTControlCharacters } from "node:util";

/*
 * What user code wrote must not steer the terminal of whoever reads it: no cursor moves, no links, no clipboard (OSC 8 and
 * 52), no text that runs backwards. Escape sequences go, other control characters are shown as what they are.
 */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export function safeText(text: string): string {
  return stripVTControlCharacters(text.replaceAll("\r\n", "\n")).replace(CONTROL, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\ufffd";
  });
}

/** For a cell of a table: one line. */
export const safeLine = (text: string) =>
  safeText(text)
    .replace(/\s*\n\s*/g, " ")
    .replaceAll("\t", " ");
