/** What is to be typed into a terminal; a long one goes on in the next line. */
export function CommandLine({ children }: { readonly children: string }) {
  return (
    <pre className="rounded-panel border border-border-1 px-3.5 py-2.5 break-words whitespace-pre-wrap text-text-1">
      {children}
    </pre>
  );
}
