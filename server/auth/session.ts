import type { Role } from "./permissions";

/** Who sends a request, as far as a living session and an account that is not disabled say so. */
export interface Session {
  readonly sessionId: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

/** From where a request came, for the throttle and the audit. The address is the socket's, never a header's. */
export interface Caller {
  readonly address: string;
  readonly userAgent: string;
}

/** As rows name who did it. */
export const principalOf = ({ email }: Session): string => `user:${email}`;
