"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useDagList } from "../dag-list/use-dag-list";
import { Logo } from "../ui/logo";
import { Tooltip } from "../ui/tooltip";
import { NAV_ITEMS, type NavItem } from "./nav-items";
import { UserMenu } from "./user-menu";

interface Props {
  readonly environmentName: string;
  readonly rail: boolean;
}

/** Gone where only icons fit: by choice, or below 1200 px. */
const WORD = "group-data-rail/shell:hidden max-[1199px]:hidden";

export function Nav({ environmentName, rail }: Props) {
  const path = usePathname();
  return (
    <nav aria-label="Main" className="flex flex-col border-r border-border-1 px-2 pt-2.5 pb-2 max-md:hidden">
      <Link
        href="/dags"
        aria-label={`Vane, ${environmentName}`}
        className="flex h-7 items-center gap-2 rounded-control px-1.5 text-15 font-semibold tracking-[-0.02em]"
      >
        <Logo size={20} />
        <span className={WORD}>Vane</span>
        <span className={`ml-auto truncate text-11 font-normal tracking-normal text-text-3 ${WORD}`}>
          {environmentName}
        </span>
      </Link>
      <ul className="mt-2.5">
        {NAV_ITEMS.map((item) => (
          <NavLink key={item.href} item={item} current={path.startsWith(item.href)} rail={rail} />
        ))}
      </ul>
      <div className="mt-auto border-t border-border-1 pt-2">
        <UserMenu />
      </div>
    </nav>
  );
}

interface LinkProps {
  readonly item: NavItem;
  readonly current: boolean;
  readonly rail: boolean;
}

function NavLink({ item: { href, label, icon: Icon }, current, rail }: LinkProps) {
  const { data } = useDagList();
  const link = (
    <Link
      href={href}
      aria-current={current ? "page" : undefined}
      className="flex h-7 items-center gap-2 rounded-control px-2 whitespace-nowrap text-text-2 hover:bg-surface-3 aria-[current]:bg-surface-4 aria-[current]:font-medium aria-[current]:text-text-1"
    >
      <Icon size={16} strokeWidth={1.75} className="flex-none" aria-hidden="true" />
      <span className={`group-data-rail/shell:sr-only max-[1199px]:sr-only`}>{label}</span>
      <span className={`ml-auto text-11 font-normal text-text-3 ${WORD}`}>{data?.dags.length}</span>
    </Link>
  );
  return <li>{rail ? <Tooltip text={label}>{link}</Tooltip> : link}</li>;
}
