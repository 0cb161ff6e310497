import { lettersOf } from "../ui/letters";

/** Two letters for a name: of its first word and of its last. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = lettersOf(words[0] ?? "")[0] ?? "?";
  const last = words.length > 1 ? (lettersOf(words.at(-1) ?? "")[0] ?? "") : "";
  return (first + last).toUpperCase();
}
