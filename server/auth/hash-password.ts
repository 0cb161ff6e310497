import { hashPassword as hash } from "better-auth/crypto";

/** scrypt with a salt of its own, as sign-in compares it. */
export const hashPassword = (password: string): Promise<string> => hash(password);
