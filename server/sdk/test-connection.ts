import { factsOf, partsOfUrl } from "../domain/connection";
import type { ConnectionFacts } from "../executor/protocol";
import { VaneError } from "../platform/errors";

/** What a test gave as a URL, as a running system would hand it out. */
export function factsOfUrl(id: string, text: string): ConnectionFacts {
  const parts = partsOfUrl(text);
  if (parts) return factsOf(parts);
  throw new VaneError(
    "test.not_given",
    `connections.${id} is no URL: write it as postgres://user@host/database.`,
  );
}
