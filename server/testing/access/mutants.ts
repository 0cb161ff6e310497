import { PERMISSIONS } from "../../auth/permissions";
import { ACCESS } from "./table";

/** One check taken away: a change to a file that nobody has noticed. */
export interface Mutant {
  readonly what: string;
  readonly file: string;
  readonly edits: readonly (readonly [from: string, to: string])[];
}

const TRPC = "server/api/trpc.ts";
const ROLES = "server/auth/permissions.ts";
const SESSION = "await ctx.session()";
const ROLE = "!mayRole(session.role, permission)";
const NAMES_PATH = ["async ({ ctx, next }) =>", "async ({ ctx, next, path }) =>"] as const;
const somebody = (role: string) => `{ sessionId: "", userId: "", name: "", email: "", role: "${role}" }`;

/** `dags.setPaused` stands in server/api/dags/set-paused.ts. */
const fileOf = (path: string) =>
  `server/api/${path.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(".", "/")}.ts`;

export function makeMutants(): Mutant[] {
  const closed = [...ACCESS].filter(([, { by }]) => by !== "anyone");
  // Whoever is signed in is a viewer at least, so that for the others no role is asked for.
  const ranked = closed.filter(([, { by }]) => by !== "viewer");
  const rankedPermissions = new Set(
    ranked.flatMap(([, { permission }]) => (permission === "door" ? [] : [permission])),
  );
  return [
    ...closed.map(([path]): Mutant => ({
      what: `${path} takes anybody for an admin`,
      file: TRPC,
      edits: [NAMES_PATH, [SESSION, `path === "${path}" ? ${somebody("admin")} : ${SESSION}`]],
    })),
    ...ranked.map(([path]): Mutant => ({
      what: `${path} asks for no role`,
      file: TRPC,
      edits: [NAMES_PATH, [ROLE, `path !== "${path}" && ${ROLE}`]],
    })),
    ...closed
      .filter(([, { permission }]) => permission !== "self")
      .map(([path, { permission }]): Mutant => ({
        what: `${path} asks for another permission`,
        file: fileOf(path),
        edits: [[`rocedure("${permission}")`, `rocedure("self")`]],
      })),
    ...[...rankedPermissions].map((permission): Mutant => ({
      what: `${permission} is given to viewers`,
      file: ROLES,
      edits: [[`"${permission}": "${PERMISSIONS[permission]}"`, `"${permission}": "viewer"`]],
    })),
    {
      what: "every role may everything",
      file: ROLES,
      edits: [["ROLES.indexOf(role) >= ROLES.indexOf(PERMISSIONS[permission])", "true"]],
    },
    {
      what: "who has no session is a viewer",
      file: TRPC,
      edits: [[SESSION, `(${SESSION}) ?? ${somebody("viewer")}`]],
    },
    {
      what: "who was disabled stays in",
      file: "server/auth/auth.ts",
      edits: [["found.user.banned ||", ""]],
    },
  ];
}

/** @throws if the file is no longer what the mutant changes: then it would prove nothing. */
export function mutate(code: string, { what, file, edits }: Mutant): string {
  return edits.reduce((text, [from, to]) => {
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`${what}: ${file} has ${parts.length - 1} times ${from}`);
    return parts.join(to);
  }, code);
}
