"use client";

import { Ellipsis, LogOut, Monitor, Moon, Settings, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import type { ReactElement } from "react";
import { useSignOut } from "../mutations/use-sign-out";
import { useMe } from "../session/session";
import { Menu, MenuChoice, MenuItem, MenuLine } from "../ui/menu";
import { initials } from "./initials";

const WORD = "group-data-rail/shell:hidden max-[1199px]:hidden";

/** Who one is, at the foot of the nav. */
export function UserMenu() {
  const { name } = useMe();
  return (
    <YouMenu
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`You: ${name}`}
          className="flex h-7 w-full items-center gap-2 rounded-control px-1.5 text-text-2 hover:bg-surface-3 aria-expanded:bg-surface-4"
        >
          <span className="grid size-5 flex-none place-items-center rounded-full bg-surface-5 text-[10px]/none font-semibold text-text-1">
            {initials(name)}
          </span>
          <span className={`truncate ${WORD}`}>{name}</span>
          <Settings size={14} strokeWidth={1.75} className={`ml-auto flex-none ${WORD}`} aria-hidden="true" />
        </button>
      }
    />
  );
}

/** The same among the tabs of a phone. */
export function MoreTab() {
  return (
    <YouMenu
      align="end"
      trigger={
        <button
          type="button"
          className="flex flex-col items-center justify-center gap-0.5 text-11/[14px] text-text-2 aria-expanded:text-text-1"
        >
          <Ellipsis size={20} strokeWidth={1.5} aria-hidden="true" />
          More
        </button>
      }
    />
  );
}

function YouMenu({ trigger, align }: { readonly trigger: ReactElement; readonly align: "start" | "end" }) {
  const { name, email, role } = useMe();
  const { theme = "system", setTheme } = useTheme();
  const signOut = useSignOut();
  return (
    <Menu side="top" align={align} trigger={trigger}>
      <div className="px-2 py-1.5">
        <p className="truncate font-medium">{name}</p>
        <p className="truncate text-12 text-text-2">
          {email}, {role}
        </p>
      </div>
      <MenuLine />
      <MenuChoice label="Theme" value={theme} options={THEMES} onChange={setTheme} />
      <MenuLine />
      <MenuItem
        onClick={() => {
          signOut.mutate();
        }}
      >
        <LogOut size={14} strokeWidth={1.75} aria-hidden="true" />
        Sign out
      </MenuItem>
    </Menu>
  );
}

const theme = (value: string, label: string, Icon: typeof Sun) => ({
  value,
  label: (
    <>
      <Icon size={14} strokeWidth={1.75} aria-hidden="true" />
      {label}
    </>
  ),
});
const THEMES = [
  theme("system", "As the system", Monitor),
  theme("light", "Light", Sun),
  theme("dark", "Dark", Moon),
];
