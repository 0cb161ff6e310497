import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { NoAdminYet } from "../../components/door/no-admin-yet";
import { SignIn } from "../../components/door/sign-in";
import { Centered } from "../../components/ui/centered";
import { ownPath } from "../../server/domain/own-path";
import { hostOf } from "../../server/web/host";
import { currentSession, publicPage } from "../guard";

export const metadata: Metadata = { title: "Sign in" };

interface Props {
  readonly searchParams: Promise<{ readonly next?: string | readonly string[] }>;
}

async function SignInPage({ searchParams }: Props) {
  const next = ownPath((await searchParams).next);
  if (await currentSession()) redirect(next);
  if (!(await hostOf().hasAdmin())) {
    return (
      <Centered title="Set up Vane" width={416}>
        <NoAdminYet />
      </Centered>
    );
  }
  return (
    <Centered title="Sign in to Vane">
      <SignIn next={next} />
    </Centered>
  );
}

export default publicPage(SignInPage);
