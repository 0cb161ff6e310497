"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { NAV_ITEMS } from "./nav-items";
import { MoreTab } from "./user-menu";

/** The nav of a phone, where a thumb gets. */
export function PhoneTabs() {
  const path = usePathname();
  return (
    <nav
      aria-label="Main"
      className="grid auto-cols-fr grid-flow-col border-t border-border-1 bg-surface-0 pb-1 md:hidden"
    >
      {NAV_ITEMS.map(({ href, label, icon: Icon }) => (
        <Link
          key={href}
          href={href}
          aria-current={path.startsWith(href) ? "page" : undefined}
          className="flex flex-col items-center justify-center gap-0.5 text-11/[14px] text-text-2 aria-[current]:font-semibold aria-[current]:text-text-1"
        >
          <Icon size={20} strokeWidth={1.5} aria-hidden="true" />
          {label}
        </Link>
      ))}
      <MoreTab />
    </nav>
  );
}
