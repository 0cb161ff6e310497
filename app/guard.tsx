import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache, type ReactNode } from "react";
import { Forbidden } from "../components/ui/forbidden";
import { mayRole, PERMISSIONS, type Permission } from "../server/auth/permissions";
import type { Session } from "../server/auth/session";
import { hostOf, PATH_HEADER } from "../server/web/host";

/** Asked once an answer, however many parts of a page want to know. */
export const currentSession = cache(async () => hostOf().sessionOf(new Headers(await headers())));

type Component<Props> = (props: Props & { readonly session: Session }) => ReactNode | Promise<ReactNode>;

/**
 * A page for those with this permission. Others are sent to sign in, or told with status 403 whom to ask. Procedures ask
 * again: a page decides what is shown, never what may be done.
 */
export function page<Props extends object>(permission: Permission, Component: Component<Props>) {
  return async function Page(props: Props) {
    const session = await currentSession();
    if (!session) {
      const path = (await headers()).get(PATH_HEADER) ?? "/";
      redirect(path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`);
    }
    if (!mayRole(session.role, permission)) {
      hostOf().setStatus(403);
      return <Forbidden session={session} least={PERMISSIONS[permission]} />;
    }
    return <Component {...props} session={session} />;
  };
}

/** A page for anybody: the door and what lies before it. */
export function publicPage<Props extends object>(
  Component: (props: Props) => ReactNode | Promise<ReactNode>,
) {
  return Component;
}
