import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { RAIL_COOKIE } from "../../components/shell/rail-cookie";
import { Shell } from "../../components/shell/shell";
import { permissionsOf } from "../../server/auth/permissions";
import { hostOf } from "../../server/web/host";
import { currentSession } from "../guard";

/** What stands around the pages. Who may see one is decided by the page itself. */
export default async function SignedInLayout({ children }: { readonly children: ReactNode }) {
  const session = await currentSession();
  if (!session) return children;
  const { name, email, role } = session;
  return (
    <Shell
      me={{ name, email, role, permissions: permissionsOf(role) }}
      environmentName={hostOf().environmentName}
      rail={(await cookies()).get(RAIL_COOKIE)?.value === "1"}
    >
      {children}
    </Shell>
  );
}
