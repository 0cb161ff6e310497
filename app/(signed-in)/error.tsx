"use client";

import { BrokenPart } from "../../components/ui/broken-part";

interface Props {
  readonly error: Error & { readonly digest?: string };
  readonly retry: () => void;
}

/** The shell around it stays. */
export default function SignedInError({ error, retry }: Props) {
  return <BrokenPart what="This page could not be shown." errorId={error.digest} onReload={retry} />;
}
