import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { ApiProvider } from "../components/trpc/api-provider";
import { Theme } from "../components/ui/theme";
import { hostOf, NONCE_HEADER } from "../server/web/host";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Vane", template: "%s · Vane" },
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f5f6f7" },
    { media: "(prefers-color-scheme: dark)", color: "#0b0d0e" },
  ],
};

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const nonce = (await headers()).get(NONCE_HEADER) ?? "";
  return (
    // The theme's script changes an attribute before React looks.
    <html lang="en" suppressHydrationWarning>
      <body>
        <Theme nonce={nonce}>
          <ApiProvider buildId={hostOf().buildId}>{children}</ApiProvider>
        </Theme>
      </body>
    </html>
  );
}
