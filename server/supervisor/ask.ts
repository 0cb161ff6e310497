import { get } from "node:http";

export interface HttpAnswer {
  /** 0 when nobody answered. */
  readonly status: number;
  readonly text: string;
}

export function ask(url: string): Promise<HttpAnswer> {
  return new Promise((resolve) => {
    const nobody = () => {
      resolve({ status: 0, text: "Nobody answers." });
    };
    const request = get(url, { agent: false, timeout: 5_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, text });
      });
      response.on("error", nobody);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", nobody);
  });
}
