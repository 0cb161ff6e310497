import type { Handle } from "./handle";
import type { Plain } from "./json";

/** What may be given for a T: a handle, a value, or a value with handles anywhere inside it. */
export type Input<T> = Handle<T> | Literal<T>;

type Literal<T> = unknown extends T
  ? T
  : T extends Plain
    ? T
    : T extends readonly unknown[]
      ? number extends T["length"]
        ? readonly Input<T[number]>[]
        : { readonly [K in keyof T]: Input<T[K]> }
      : { readonly [K in keyof T]: Input<T[K]> };

export type Inputs<P extends unknown[]> = { [K in keyof P]: Input<P[K]> };
