/** The weather vane. Its colour is that of the text around it. */
export function Logo({ size }: { readonly size: number }) {
  return (
    <svg viewBox="0 0 20 20" width={size} height={size} aria-hidden="true">
      <path d="M1.5 7.6L6.2 4v2.3h6.9L16 3.8h2.5L16.6 7.6l1.9 3.8H16l-2.9-2.5H6.2v2.3z" fill="currentColor" />
      <path d="M10 9v8M6.6 17h6.8" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
    </svg>
  );
}
