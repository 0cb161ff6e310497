import { Check } from "lucide-react";

const STEPS = ["Create the admin", "Done"];

/** Where in the set-up one is, counted from 0. */
export function SetUpSteps({ at }: { readonly at: 0 | 1 }) {
  return (
    <ol className="mb-5 flex items-center justify-center gap-2.5">
      {STEPS.map((step, index) => (
        <li
          key={step}
          className={`flex items-center gap-1.5 ${index === at ? "font-semibold" : "text-text-3"} ${index > 0 ? "before:mr-1 before:w-8 before:border-t before:border-border-2" : ""}`}
          aria-current={index === at ? "step" : undefined}
        >
          <span
            className={`grid size-5 place-items-center rounded-full text-11 font-semibold ${index === at ? "bg-inverse text-inverse-text" : "shadow-[inset_0_0_0_1px_var(--border-3)]"}`}
          >
            {index < at ? <Check size={14} aria-label="Done:" /> : index + 1}
          </span>
          {step}
        </li>
      ))}
    </ol>
  );
}
