import type { ReactNode } from "react";
import { Logo } from "./logo";

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  readonly width?: 368 | 416;
}

/** A page that is one card: sign-in, set-up, what was not found or is not allowed. */
export function Centered({ title, children, width = 368 }: Props) {
  return (
    <main className="grid min-h-dvh place-items-center bg-surface-0 p-4">
      <div
        className="w-full rounded-dialog border border-border-1 bg-surface-1 p-6 shadow-(--shadow-1) sm:p-8"
        style={{ maxWidth: width }}
      >
        <div className="mb-5 grid justify-items-center gap-2.5">
          <Logo size={28} />
          <h1 className="text-center text-20 font-semibold tracking-[-0.02em]">{title}</h1>
        </div>
        {children}
      </div>
    </main>
  );
}
