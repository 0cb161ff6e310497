const ROWS = 12;
const WIDTHS = ["w-40", "w-28", "w-48", "w-36"];

/** Blocks of the final size; nothing for as long as it takes most of the time. */
export function DagListSkeleton() {
  return (
    <div className="appear-late min-h-0 flex-1 overflow-hidden" role="status" aria-label="Loading the DAGs">
      <div className="h-[30px] border-b border-border-1 max-md:hidden" />
      {Array.from({ length: ROWS }, (_, index) => (
        <div key={index} className="flex h-9 items-center gap-6 border-b border-border-1 px-4 max-md:h-16">
          <span className="h-4 w-[26px] rounded-full bg-surface-4 max-md:hidden" />
          <span className={`h-3 rounded-small bg-surface-4 ${WIDTHS[index % WIDTHS.length] ?? ""}`} />
          <span className="ml-auto h-5 w-[166px] rounded-small bg-surface-4 max-md:w-[94px]" />
          <span className="h-3 w-1/4 rounded-small bg-surface-4 max-md:hidden" />
        </div>
      ))}
    </div>
  );
}
