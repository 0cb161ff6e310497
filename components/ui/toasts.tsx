"use client";

import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "./icon-button";

const manager = Toast.createToastManager();

/** One line about what was just done, above the strip for 6 s; also said politely to whoever listens. */
export function toast(sentence: string): void {
  manager.add({ title: sentence, timeout: 6_000 });
}

export function Toasts({ children }: { readonly children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="fixed bottom-9 left-4 z-(--z-toast) grid gap-2 max-md:right-4 max-md:bottom-[68px]">
          <Shown />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Shown() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((one) => (
    <Toast.Root
      key={one.id}
      toast={one}
      className="flex max-w-[min(640px,100%)] items-center gap-2 rounded-control bg-inverse py-1.5 pr-1.5 pl-3 text-inverse-text shadow-(--shadow-2) transition-opacity duration-(--t-fast) data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0"
    >
      <Toast.Content className="min-w-0">
        <Toast.Title className="text-13" />
      </Toast.Content>
      <Toast.Close
        render={<IconButton label="Close" icon={X} className="text-inverse-text hover:bg-transparent" />}
      />
    </Toast.Root>
  ));
}
