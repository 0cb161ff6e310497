import { expect } from "@playwright/test";
import { test } from "../system/test";

test.use({ role: "viewer" });

test("a viewer is offered nothing that he may not do", async ({ page }) => {
  await page.goto("/dags");
  const row = page.getByRole("row", { name: /greet/ });
  await expect(row).toBeVisible();
  await expect(page.getByRole("switch")).toHaveCount(0);
  await expect(page.getByRole("button", { name: /Trigger/ })).toHaveCount(0);
});

test("a viewer may not, whoever asks for him", async ({ context, page }) => {
  await page.goto("/dags");
  const headers = { origin: new URL(page.url()).origin };
  const key = { idempotencyKey: "from-a-viewer" };
  for (const [procedure, data] of [
    ["dags.setPaused", { dagId: "greet", paused: true, ...key }],
    ["runs.trigger", { dagId: "greet", logicalDate: null, conf: {}, ...key }],
  ] as const) {
    const answer = await context.request.post(`/api/trpc/${procedure}`, { data, headers });
    expect(answer.status()).toBe(403);
    expect(await answer.json()).toMatchObject({
      error: {
        message: expect.stringContaining("it takes the role user, and yours is viewer"),
        data: { code: "auth.forbidden" },
      },
    });
  }
});
