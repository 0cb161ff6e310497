import type { Metadata } from "next";
import { DagList } from "../../../components/dag-list/dag-list";
import { page } from "../../guard";

export const metadata: Metadata = { title: "DAGs" };

function DagsPage() {
  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <DagList />
    </main>
  );
}

export default page("dag.read", DagsPage);
