import { buttonClass } from "./button-class";
import { Centered } from "./centered";

interface Props {
  readonly session: { readonly name: string; readonly email: string; readonly role: string };
  /** The least role that may. */
  readonly least: string;
}

export function Forbidden({ session: { name, email, role }, least }: Props) {
  return (
    <Centered title="You may not see this page">
      <p className="text-center text-text-2">
        You are signed in as <b className="font-medium text-text-1">{name}</b> ({email}), with the role {role}
        . This page takes the role {least}. Ask an admin for it.
      </p>
      <a className={`mt-5 ${buttonClass({ kind: "primary", size: "large", wide: true })}`} href="/">
        Open Vane
      </a>
    </Centered>
  );
}
