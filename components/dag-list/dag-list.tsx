"use client";

import { ArrowDownUp } from "lucide-react";
import { sentenceOf } from "../mutations/failure";
import { PageHeader } from "../shell/page-header";
import { BrokenPart } from "../ui/broken-part";
import { buttonClass } from "../ui/button-class";
import { PHONE, useMedia } from "../ui/use-media";
import { DagCards } from "./dag-cards";
import { DagListSkeleton } from "./dag-list-skeleton";
import type { DagSummary } from "./dag-summary";
import { DagTable } from "./dag-table";
import { FirstDag } from "./first-dag";
import { ImportErrors } from "./import-errors";
import { useDagList } from "./use-dag-list";
import { useSteadyOrder } from "./use-steady-order";

export function DagList() {
  const { data, error, refetch } = useDagList();
  if (data && data.dags.length > 0) return <Loaded dags={data.dags} />;
  return (
    <>
      <PageHeader title="DAGs" />
      <ImportErrors />
      {data ? (
        <FirstDag />
      ) : error ? (
        <BrokenPart
          what={`The DAGs could not be shown. ${sentenceOf(error)}`}
          errorId={error.data?.errorId}
          onReload={() => void refetch()}
        />
      ) : (
        <DagListSkeleton />
      )}
    </>
  );
}

function Loaded({ dags }: { readonly dags: readonly DagSummary[] }) {
  const { shown, isSorted, sort } = useSteadyOrder(dags);
  const phone = useMedia(PHONE);
  return (
    <>
      <PageHeader title="DAGs" count={dags.length}>
        {!isSorted && (
          <button type="button" className={buttonClass({ kind: "ghost" })} onClick={sort}>
            <ArrowDownUp size={14} strokeWidth={1.75} aria-hidden="true" />
            Sort again
          </button>
        )}
      </PageHeader>
      <ImportErrors />
      {phone ? <DagCards dags={shown} /> : <DagTable dags={shown} />}
    </>
  );
}
