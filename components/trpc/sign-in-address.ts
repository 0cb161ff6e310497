interface Place {
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
}

const SIGN_IN = "/sign-in";

/** Where to sign in and come back from; undefined at the door itself. */
export function signInAddress({ pathname, search, hash }: Place): string | undefined {
  if (pathname === SIGN_IN || pathname === "/set-up") return undefined;
  return `${SIGN_IN}?next=${encodeURIComponent(`${pathname}${search}${hash}`)}`;
}
