import type { ReactNode } from "react";

interface Props {
  readonly title: string;
  readonly count?: number;
  /** Actions, on the right. */
  readonly children?: ReactNode;
}

export function PageHeader({ title, count, children }: Props) {
  return (
    <header className="flex h-12 flex-none items-center gap-2 border-b border-border-1 px-4 max-md:h-[52px]">
      <h1 className="text-15 font-semibold tracking-[-0.01em] max-md:text-[16px]">{title}</h1>
      {count !== undefined && <span className="text-12 text-text-3">{count.toLocaleString("en-GB")}</span>}
      <div className="ml-auto flex items-center gap-1.5">{children}</div>
    </header>
  );
}
