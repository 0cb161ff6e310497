import type { Json } from "../domain/serialized-dag";

/** Never inhabited: its text is the compiler's message. */
export interface NotJson<Why extends string> {
  readonly __not_json: Why;
}

// `void` is what a function without a return has, and may be given where nothing is wanted.
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type
export type Plain = string | number | boolean | null | undefined | void;

/**
 * T where T survives JSON unchanged; NotJson<why> in the place that does not. `any` and `unknown` pass and are checked
 * when the task runs. `undefined` as a whole result is "no result". `[T] extends [Json]` first: most types end there,
 * which is what keeps a file of 500 tasks fast to check.
 */
export type JsonOf<T> = [T] extends [Json]
  ? T
  : T extends Plain
    ? T
    : T extends readonly unknown[]
      ? number extends T["length"]
        ? readonly JsonItem<T[number]>[]
        : { [K in keyof T]: JsonItem<T[K]> }
      : T extends Exotic
        ? NotJson<Why<T>>
        : T extends object
          ? { [K in keyof T]: JsonOf<T[K]> }
          : T;

// `any`: a Map or a function of whatever is refused alike.
type Exotic =
  | bigint
  | symbol
  | Date
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  | ReadonlyMap<any, any>
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  | ReadonlySet<any>
  | ((...inputs: never[]) => unknown);

type Why<T> = T extends bigint
  ? "a bigint is not JSON: return a string"
  : T extends Date
    ? "a Date is not JSON: use toISOString()"
    : T extends symbol | ((...inputs: never[]) => unknown)
      ? "a function is not JSON (is this a class instance?)"
      : "a Map or Set is not JSON: use Object.fromEntries or [...set]";

type JsonItem<T> = undefined extends T
  ? unknown extends T
    ? T
    : JsonOf<Exclude<T, undefined>> | NotJson<"undefined in a list becomes null: use null">
  : JsonOf<T>;

export type { Json };
