import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache, type ReactNode } from "react";
import { Forbidden } from "../components/ui/forbidden";
import type { Permission } from "../server/auth/permissions";
import type { Session } from "../server/auth/session";
import { admitVisitor } from "../server/web/admit-visitor";
import { hostOf, PATH_HEADER } from "../server/web/host";

/** Asked once an answer, however many parts of a page want to know. */
export const currentSession = cache(async () => hostOf().sessionOf(new Headers(await headers())));

type Component<Props> = (props: Props & { readonly session: Session }) => ReactNode | Promise<ReactNode>;

/** A page for those with this permission. Others are sent to sign in, or told with status 403 whom to ask. */
export function page<Props extends object>(permission: Permission, Component: Component<Props>) {
  return async function Page(props: Props) {
    const path = (await headers()).get(PATH_HEADER) ?? "/";
    const visitor = admitVisitor(await currentSession(), permission, path);
    switch (visitor.kind) {
      case "sign_in":
        return redirect(visitor.location);
      case "forbidden":
        hostOf().setStatus(403);
        return <Forbidden session={visitor.session} least={visitor.least} />;
      case "shown":
        return <Component {...props} session={visitor.session} />;
    }
  };
}

/** A page for anybody: the door and what lies before it. */
export function publicPage<Props extends object>(
  Component: (props: Props) => ReactNode | Promise<ReactNode>,
) {
  return Component;
}
