import { buttonClass } from "../ui/button-class";
import { CommandLine } from "../ui/command-line";

/** Instead of a form that nobody could fill in. */
export function NoAdminYet() {
  return (
    <div className="grid gap-4 text-text-2">
      <p>
        Nobody has an account yet. Vane printed a link when it started, below <q>Vane is ready</q>:
      </p>
      <CommandLine>Set up the first admin: http…</CommandLine>
      <p>
        Open that link; it holds for an hour, and Vane prints a new one whenever it starts. Or make the
        account in a terminal:
      </p>
      <CommandLine>npx vane users create --email you@example.com --name You --role admin</CommandLine>
      <a className={`mt-1.5 ${buttonClass({ size: "large", wide: true })}`} href="/sign-in">
        Look again
      </a>
    </div>
  );
}
