export interface Answer {
  readonly status: number;
  /** JSON. */
  readonly body: object;
}
