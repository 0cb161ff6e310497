import { WholeNumber } from "../arguments";

export const Port = WholeNumber.refine(
  (port) => port >= 1 && port <= 65_535,
  "A port from 1 to 65535 is wanted.",
);
