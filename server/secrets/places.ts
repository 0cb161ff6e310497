import type { Place } from "./encryption";

/** Where ciphertexts stand. Once written these never change: they are authenticated with the text. */
export const ofConnection = (id: string): Place => ({ table: "connection", row: id, field: "secrets" });
export const ofVariable = (key: string): Place => ({ table: "variable", row: key, field: "value" });
