import { lettersOf } from "./letters";

/** An id that is too long loses its middle, since its ends tell it from its neighbours. */
export function middleCut(id: string, most: number): string {
  const letters = lettersOf(id);
  if (letters.length <= most) return id;
  const tail = Math.floor((most - 1) / 2);
  return `${letters.slice(0, most - 1 - tail).join("")}…${letters.slice(-tail).join("")}`;
}
