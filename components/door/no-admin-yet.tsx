import { buttonClass } from "../ui/button-class";

/** Instead of a form that nobody could fill in. */
export function NoAdminYet() {
  return (
    <div className="grid gap-4 text-text-2">
      <p>
        Nobody has an account yet. Vane printed a link when it started, below <q>Vane is ready</q>:
      </p>
      <pre className="overflow-x-auto rounded-panel border border-border-1 px-3.5 py-2.5 text-text-1">
        Set up the first admin: http…
      </pre>
      <p>
        Open that link; it holds for an hour, and Vane prints a new one whenever it starts. Or make the
        account in a terminal:
      </p>
      <pre className="overflow-x-auto rounded-panel border border-border-1 px-3.5 py-2.5 text-text-1">
        npx vane users create --email you@example.com --name You --role admin
      </pre>
      <a className={`mt-1.5 ${buttonClass({ size: "large", wide: true })}`} href="/sign-in">
        Look again
      </a>
    </div>
  );
}
