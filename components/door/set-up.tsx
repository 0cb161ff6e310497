"use client";

import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore, type ReactNode } from "react";
import { failureInWords } from "../mutations/failure";
import { useSetUp } from "../mutations/use-set-up";
import { useTRPCClient } from "../trpc/trpc";
import { buttonClass } from "../ui/button-class";
import { Logo } from "../ui/logo";
import { RunMark } from "../ui/run-mark";
import { LinkNotTaken } from "./link-not-taken";
import { SetUpForm } from "./set-up-form";
import { SetUpSteps } from "./set-up-steps";

/** The first admin, by the link that Vane printed. Its token stands in the fragment, which no server's log gets to see. */
export function SetUp() {
  const token = useSyncExternalStore(onFragment, readFragment, () => undefined);
  return token === undefined ? <Step at={0} /> : <WithToken key={token} token={token} />;
}

function WithToken({ token }: { readonly token: string }) {
  const link = useLink(token);
  const setUp = useSetUp();
  if (setUp.data?.kind === "done") {
    return (
      <Step at={1}>
        <Done name={setUp.data.name} />
      </Step>
    );
  }
  const refusal = setUp.data?.kind ?? (link.data === "open" ? undefined : link.data);
  return (
    <Step at={0}>
      {refusal ? (
        <LinkNotTaken why={refusal} />
      ) : link.error ? (
        <NotChecked onRetry={() => void link.refetch()} />
      ) : (
        link.data && (
          <>
            <h1 className="text-15 font-semibold">Create the admin</h1>
            <p className="mt-0.5 text-text-2">The first account. You add the others later.</p>
            <SetUpForm
              busy={setUp.isPending}
              refused={setUp.error ? failureInWords(setUp.error) : undefined}
              onSubmit={(typed) => {
                setUp.mutate({ ...typed, token });
              }}
            />
          </>
        )
      )}
    </Step>
  );
}

/** Whether the link would be taken: a mutation by its method, so that its token stands in no address. */
function useLink(token: string) {
  const client = useTRPCClient();
  return useQuery({
    queryKey: ["set-up link", token],
    queryFn: () => client.door.checkSetUp.mutate({ token }),
    staleTime: Infinity,
  });
}

function onFragment(listener: () => void) {
  addEventListener("hashchange", listener);
  return () => {
    removeEventListener("hashchange", listener);
  };
}
const readFragment = () => location.hash.slice(1);

function Step({ at, children }: { readonly at: 0 | 1; readonly children?: ReactNode }) {
  return (
    <main className="grid min-h-dvh place-items-center bg-surface-0 p-4">
      <div className="w-full max-w-[416px]">
        <p className="mb-6 flex items-center justify-center gap-2 text-20 font-semibold tracking-[-0.02em]">
          <Logo size={28} />
          Vane
        </p>
        <SetUpSteps at={at} />
        <div
          className={`rounded-dialog border border-border-1 bg-surface-1 p-6 shadow-(--shadow-1) sm:p-8 ${at === 0 ? "min-h-[418px]" : "text-center"}`}
        >
          {children}
        </div>
      </div>
    </main>
  );
}

function Done({ name }: { readonly name: string }) {
  return (
    <div role="status">
      <RunMark look="success" size={24} decorative />
      <h1 className="mt-2.5 text-15 font-semibold">Vane is ready</h1>
      <p className="mt-0.5 break-words text-text-2">You are signed in as {name}.</p>
      <a className={`mt-[22px] ${buttonClass({ kind: "primary", size: "large", wide: true })}`} href="/">
        Open Vane
      </a>
    </div>
  );
}

function NotChecked({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <>
      <h1 className="text-15 font-semibold">Vane does not answer</h1>
      <p role="alert" className="mt-0.5 text-text-2">
        The link could not be checked. Look whether Vane runs, then try again.
      </p>
      <button
        type="button"
        className={`mt-5 ${buttonClass({ size: "large", wide: true })}`}
        onClick={onRetry}
      >
        Try again
      </button>
    </>
  );
}
