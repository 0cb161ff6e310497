import type { Metadata } from "next";
import { Centered } from "../components/ui/centered";
import { buttonClass } from "../components/ui/button-class";

export const metadata: Metadata = { title: "Not found" };

/** The same for everybody: it does not tell whether there is something that somebody else may see. */
export default function NotFound() {
  return (
    <Centered title="There is nothing here">
      <p className="text-center text-text-2">
        The address is wrong, what it named is gone, or you may not see it.
      </p>
      <a className={`mt-5 ${buttonClass({ kind: "primary", size: "large", wide: true })}`} href="/">
        Open Vane
      </a>
    </Centered>
  );
}
