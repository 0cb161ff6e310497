import { mayRole, PERMISSIONS, type Permission, type Role } from "../auth/permissions";
import type { Session } from "../auth/session";

type Admitted =
  | { readonly kind: "shown"; readonly session: Session }
  | { readonly kind: "sign_in"; readonly location: string }
  /** @param least the least role that may */
  | { readonly kind: "forbidden"; readonly session: Session; readonly least: Role };

/** Who may see a page. Its procedures ask again: a page decides what is shown, never what may be done. */
export function admitVisitor(session: Session | undefined, permission: Permission, path: string): Admitted {
  if (!session) {
    return {
      kind: "sign_in",
      location: path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`,
    };
  }
  if (mayRole(session.role, permission)) return { kind: "shown", session };
  return { kind: "forbidden", session, least: PERMISSIONS[permission] };
}
