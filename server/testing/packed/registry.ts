import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";

/*
 * An npm registry of what lies in our own node_modules, so that a test installs as a user does, without the net.
 * Packages for other platforms are known by name only, as npm wants to hear of them before it leaves them out.
 */

const Manifest = z.looseObject({ name: z.string().optional(), version: z.string() });
type Manifest = z.infer<typeof Manifest>;
const Lockfile = z.object({
  packages: z.record(z.string(), z.looseObject({ version: z.string().optional() })),
});

interface Offer {
  readonly name: string;
  readonly manifest: Manifest;
  /** Where its files lie. */
  readonly folder: string;
}

export interface Registry {
  readonly url: string;
  close(): void;
}

/** @param more folders of packages to be offered, too */
export async function openRegistry(more: readonly string[] = []): Promise<Registry> {
  const offers = [...ownPackages(), ...more.map(offerOf)];
  const server = createServer((request, response) => {
    const [, index] = /^\/-\/(\d+)$/.exec(request.url ?? "") ?? [];
    if (index !== undefined) sendFiles(offers[Number(index)], response);
    else sendPackument(decodeURIComponent(request.url ?? "").slice(1), response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function sendPackument(name: string, response: ServerResponse) {
    const found = offers.flatMap((offer, i) => (offer.name === name ? [{ ...offer, i }] : []));
    const versions = found.map(({ manifest, i }) => ({
      ...manifest,
      ...{ name, dist: { tarball: `${url}/-/${i}` } },
    }));
    const latest = versions.at(-1)?.version;
    response.writeHead(latest === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(
      JSON.stringify({
        ...{ name, "dist-tags": { latest } },
        versions: Object.fromEntries(versions.map((manifest) => [manifest.version, manifest])),
      }),
    );
  }

  return {
    url,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function ownPackages(): Offer[] {
  const { packages } = Lockfile.parse(JSON.parse(readFileSync("package-lock.json", "utf8")));
  return Object.entries(packages).flatMap(([path, entry]) => {
    const [, name] = /^.*node_modules\/(.+)$/.exec(path) ?? [];
    if (name === undefined || entry.version === undefined) return [];
    const folder = resolve(path);
    if (existsSync(folder)) return [{ ...offerOf(folder), name }];
    return [{ name, folder, manifest: Manifest.parse(entry) }];
  });
}

function offerOf(folder: string): Offer {
  const manifest = Manifest.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  return { name: manifest.name ?? basename(folder), manifest, folder };
}

/** npm takes away the first folder of a tarball, however it is called. */
function sendFiles(offer: Offer | undefined, response: ServerResponse) {
  if (!offer) return void response.writeHead(404).end();
  const { folder } = offer;
  const args = ["-cf", "-", "--exclude=node_modules", "-C", dirname(folder), basename(folder)];
  const tar = spawn("tar", args, { stdio: ["ignore", "pipe", "inherit"] });
  response.writeHead(200, { "content-type": "application/octet-stream" });
  tar.stdout.pipe(response);
}
