"use client";

import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";

/** Light, dark, or as the system has it. The nonce is for the script that sets it before anything is drawn. */
export function Theme({ nonce, children }: { readonly nonce: string; readonly children: ReactNode }) {
  return (
    <ThemeProvider attribute="data-theme" defaultTheme="system" nonce={nonce} disableTransitionOnChange>
      {children}
    </ThemeProvider>
  );
}
