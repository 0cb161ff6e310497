import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

/** Why a form was not taken, when it is about none of its fields. */
export function FormAlert({ children }: { readonly children: ReactNode }) {
  return (
    <p role="alert" className="flex gap-1.5 text-12 text-failed-ink">
      <CircleAlert size={14} strokeWidth={1.75} className="mt-px flex-none" aria-hidden="true" />
      <span>{children}</span>
    </p>
  );
}
