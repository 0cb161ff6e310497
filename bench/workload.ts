import type { System } from "./system";

export interface Workload {
  readonly name: string;
  /** What is measured, for the table's head. */
  readonly title: string;
  readonly unit: string;
  readonly target: string;
  /** DAG files by name. */
  readonly files: Readonly<Record<string, string>>;
  /** One value; called once to warm up, then as often as values are wanted. */
  readonly measure: (system: System, options: Options) => Promise<number>;
  /** What must be true of the rows afterwards; throws when it is not. Returns what is worth printing. */
  readonly check: (system: System) => Promise<Readonly<Record<string, unknown>>>;
}

export interface Options {
  readonly tasks: number;
}
