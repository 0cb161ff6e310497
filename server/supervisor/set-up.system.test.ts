import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freePort } from "./free-port";
import { newProject, startVane, type Project, type StartedVane } from "../testing/start-vane";
import { vaneProcess } from "../testing/vane-process";

const LINK = /^Set up the first admin: (\S+)\/set-up#(\S+)$/m;

/** What a page of ours sends. */
async function post(url: string, procedure: string, input: object) {
  const answer = await fetch(`${url}/api/trpc/${procedure}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify(input),
  });
  return { status: answer.status, body: await answer.text(), cookies: answer.headers.getSetCookie() };
}

async function nameBehind(url: string, cookies: readonly string[]) {
  const cookie = cookies.map((one) => one.split(";")[0]).join("; ");
  return (await fetch(`${url}/api/trpc/me.get`, { headers: { cookie } })).text();
}

function everythingSeen(vane: StartedVane, { home }: Project) {
  const seen = vane.processes().flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]);
  const files = [
    ...seen,
    join(home, "run.json"),
    join(home, "logs", "vane.log"),
    join(home, "logs", "postgres.log"),
  ];
  return files.map((file) => readFileSync(file, "latin1")).join("\n");
}

it(
  "prints a link for the first admin at each start until there is one, and tells nobody else its token",
  { timeout: 180_000 },
  async () => {
    const project = newProject();
    const args = ["--port", String(await freePort())];
    const first = startVane({ project, args });
    await first.ready;
    await expect.poll(() => first.said()).toMatch(LINK);
    const [, , old = ""] = LINK.exec(first.said()) ?? [];
    expect(old).toMatch(/^[\w-]{43}$/);
    first.signal("SIGTERM");
    expect(await first.ended).toBe(0);

    const second = startVane({ project, args });
    const url = await second.ready;
    await expect.poll(() => second.said()).toMatch(LINK);
    const [, place, token = ""] = LINK.exec(second.said()) ?? [];
    expect([place, token === old]).toEqual([url, false]);
    expect(second.said()).toMatch(/Vane is ready: \S+\nSet up the first admin: /);
    expect(everythingSeen(second, project)).not.toContain(token);

    const ada = { name: "Ada", email: "ada@example.com", password: "correct horse battery" };
    expect((await post(url, "door.setUp", { ...ada, token: old })).body).toContain('"unknown"');
    const done = await post(url, "door.setUp", { ...ada, token });
    expect(done).toMatchObject({ status: 200, body: expect.stringContaining('"done"') });
    expect(await nameBehind(url, done.cookies)).toContain('"Ada"');
    expect((await post(url, "door.setUp", { ...ada, token })).body).toContain('"used"');
    const listed = await vaneProcess(project)(["users", "list", "--output", "json"]);
    expect(JSON.parse(listed.out)).toMatchObject([{ email: ada.email, role: "admin" }]);
    expect(everythingSeen(second, project)).not.toContain(token);
    second.signal("SIGTERM");
    expect(await second.ended).toBe(0);

    const third = startVane({ project, args });
    const next = await third.ready;
    expect(await nameBehind(next, done.cookies)).toContain('"Ada"');
    third.signal("SIGTERM");
    await third.ended;
    expect(third.said()).not.toContain("Set up the first admin");
  },
);
