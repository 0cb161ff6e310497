import type { Client } from "pg";
import { createUser } from "../../commands/create-user";
import { ROLES, type Role } from "../../auth/permissions";
import type { startApi } from "../api-server";
import { DOORKEEPER } from "./table";

type Api = Awaited<ReturnType<typeof startApi>>;

/** Whom a test calls as, and which role that has by right; undefined: none. */
export interface Caller {
  readonly who: string;
  readonly role: Role | undefined;
  readonly cookie: string | undefined;
}

const PASSWORD = "correct horse battery";

/** One of each role, and those who once were somebody: each has signed in by its password, over HTTP. */
export async function makeCallers(db: Client, api: Api): Promise<Caller[]> {
  const by = { db, principal: "cli:test" };
  const signIn = async (email: string, password = PASSWORD) => {
    const { headers } = await api.mutate("door.signIn", { email, password });
    const [cookie] = headers.getSetCookie();
    if (cookie === undefined) throw new Error(`${email} was not let in.`);
    return cookie.split(";")[0] ?? "";
  };
  const someone = async (name: string, role: Role) => {
    const email = `${name}@vane.test`;
    await createUser({ ...by }, { email, name, role, password: PASSWORD });
    return signIn(email);
  };
  await createUser({ ...by }, { ...DOORKEEPER, name: "Doorkeeper", role: "viewer" });

  const callers: Caller[] = [{ who: "anonymous", role: undefined, cookie: undefined }];
  for (const role of ROLES) callers.push({ who: role, role, cookie: await someone(role, role) });

  const gone = async (who: string, sql: string, role?: Role) => {
    const cookie = await someone(who, "admin");
    await db.query(sql, [`${who}@vane.test`]);
    callers.push({ who, role, cookie });
  };
  const userId = `(select id from "user" where email = $1)`;
  await gone("disabled", `update "user" set banned = true where email = $1`);
  await gone("deleted", `delete from "user" where email = $1`);
  await gone("expired", `update session set expires_at = now() where user_id = ${userId}`);
  // Whoever finds such a session first deletes it.
  await api.query("me.get", undefined, { cookie: callers.at(-1)?.cookie ?? "" });
  await gone("demoted", `update "user" set role = 'viewer' where email = $1`, "viewer");

  const left = await someone("left", "admin");
  await api.mutate("door.signOut", undefined, { cookie: left });
  callers.push({ who: "signed out", role: undefined, cookie: left });

  const forged = (await someone("forger", "admin")).replace(/.(?=[^.]*$)/, (letter) =>
    letter === "A" ? "B" : "A",
  );
  callers.push({ who: "forged", role: undefined, cookie: forged });
  return callers;
}
