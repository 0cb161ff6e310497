interface Look {
  readonly kind?: "primary" | "secondary" | "ghost" | "danger";
  readonly size?: "small" | "normal" | "large";
  /** As wide as what it stands in. */
  readonly wide?: boolean;
}

const KINDS = {
  primary: "border-inverse bg-inverse text-inverse-text hover:opacity-90",
  secondary: "border-border-2 bg-surface-1 text-text-1 shadow-(--shadow-1) hover:bg-surface-3",
  ghost: "border-transparent text-text-2 hover:bg-surface-3",
  danger: "border-failed bg-failed text-failed-on hover:opacity-90",
};
const SIZES = {
  small: "h-6 px-2 text-12",
  normal: "h-7 px-2.5 text-13 max-md:h-11",
  large: "h-9 px-3 text-13 max-md:h-11",
};

/** For buttons, and for links that look like one. */
export function buttonClass({ kind = "secondary", size = "normal", wide = false }: Look = {}): string {
  return [
    "inline-flex items-center justify-center gap-1.5 rounded-control border font-medium whitespace-nowrap",
    "disabled:opacity-50 aria-disabled:opacity-50",
    KINDS[kind],
    SIZES[size],
    wide ? "w-full" : "",
  ].join(" ");
}
