import { stat } from "node:fs/promises";

/**
 * Changes whenever a file is written or touched, without its being read. A touch counts: it is how an author has a file
 * loaded again that reads its DAGs from elsewhere. No file: "".
 */
export type Fingerprint = string;

export async function fingerprint(file: string): Promise<Fingerprint> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found?.isFile() ? `${found.size} ${found.mtimeNs} ${found.ctimeNs} ${found.ino}` : "";
}

export const sizeOf = (print: Fingerprint) => Number(print.split(" ")[0]);
