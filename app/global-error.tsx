"use client";

import { BrokenPart } from "../components/ui/broken-part";
import "./globals.css";

interface Props {
  readonly error: Error & { readonly digest?: string };
}

/** When not even the frame around all pages could be drawn. */
export default function FrameError({ error }: Props) {
  return (
    <html lang="en">
      <body>
        <title>Vane broke</title>
        <BrokenPart
          what="Vane could not be shown."
          errorId={error.digest}
          onReload={() => {
            location.reload();
          }}
        />
      </body>
    </html>
  );
}
