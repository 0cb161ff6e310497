/** Who did it, for the row that says so; the address of a client, if it came over the net. */
export interface Actor {
  readonly principal: string;
  readonly address?: string | undefined;
}
