import { z } from "zod";

/* What is typed at the door. Screen, procedures and the command line ask the same rules. */

export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 200;
export const Password = z
  .string()
  .min(PASSWORD_MIN, `At least ${PASSWORD_MIN} characters.`)
  .max(PASSWORD_MAX, `At most ${PASSWORD_MAX} characters.`);
export const Email = z.email("This is no email address.").max(250, "At most 250 characters.").toLowerCase();
/** No control characters, and none that turn what stands after them around. */
const VISIBLE = /^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]*$/u;
export const PersonName = z
  .string()
  .trim()
  .min(1, "A name is missing.")
  .max(100, "At most 100 characters.")
  .regex(VISIBLE, "Only characters that can be seen.");

export const SignIn = z.strictObject({
  email: Email,
  password: z
    .string()
    .min(1, "The password is missing.")
    .max(PASSWORD_MAX, `At most ${PASSWORD_MAX} characters.`),
});
export type SignIn = z.infer<typeof SignIn>;

export const SetUp = z.strictObject({
  token: z.string().max(200),
  name: PersonName,
  email: Email,
  password: Password,
});
export type SetUp = z.infer<typeof SetUp>;
