import { pathToFileURL } from "node:url";
import type { Scene } from "./scenes";

export interface Shot {
  readonly scene: Scene;
  readonly size: "wide" | "phone";
  readonly theme: "light" | "dark";
  readonly file: string;
}

const STYLE = `body { font: 13px/20px system-ui; margin: 24px; background: #888 }
  h2 { font-size: 15px } figure { display: inline-block; margin: 0 12px 24px 0; vertical-align: top }
  img { display: block; max-width: 46vw; max-height: 90vh }`;

/** Each picture beside its mock-up, to be looked at. */
export function sheet(shots: readonly Shot[], mocks: string): string {
  const rows = shots.map(({ scene, size, theme, file }) => {
    const mock = scene.mock?.[size];
    const beside = mock ? figure(pathToFileURL(`${mocks}/${mock}-${theme}.png`).href, "mock-up") : "";
    return `<h2>${scene.name}, ${size}, ${theme}</h2>${figure(file, "Vane")}${beside}`;
  });
  return `<!doctype html><meta charset="utf-8"><title>Screens</title><style>${STYLE}</style>${rows.join("\n")}\n`;
}

const figure = (src: string, caption: string) =>
  `<figure><img src="${src}" alt=""><figcaption>${caption}</figcaption></figure>`;
