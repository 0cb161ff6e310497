/**
 * Where somebody wanted to go before he was asked to sign in, if that is a place of ours; else the start.
 * What leads elsewhere is known in four generations of fixes (RELIABILITY section 3, 12): `//host`, `/\host`, tabs and
 * line ends that browsers drop, schemes. So it says what is right: a slash, then nothing that could begin a host.
 */
export function ownPath(next: unknown): string {
  return typeof next === "string" && OWN.test(next) && !next.startsWith("/sign-in") ? next : "/";
}

/** Printable ASCII without the backslash; other letters come percent-encoded from where this is made. */
const OWN = /^\/(?!\/)[!-[\]-~]{0,500}$/;
