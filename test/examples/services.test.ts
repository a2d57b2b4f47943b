import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { afterEach, expect, test } from "vitest";
import { expressService } from "../../examples/expressService.js";
import { fastifyService } from "../../examples/fastifyService.js";
import { honoService } from "../../examples/honoService.js";
import { NetworkTable } from "../../src/core/networks.js";
import { PlaceTable } from "../../src/core/places.js";
import { Monitor } from "../../src/monitor/monitor.js";
import { locatorOf } from "../support/liveTraffic.js";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const newMonitor = (): Monitor =>
  new Monitor({ locator: locatorOf({ places: new PlaceTable(), networks: new NetworkTable() }) });

/** Asks a service for a page that is there and one that is not, and expects both among its metrics. */
async function ask(port: number, monitor: Monitor): Promise<void> {
  const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
  expect(await (await get("/")).text()).toBe("hello");
  expect((await get("/nowhere?a=b")).status).toBe(404);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await monitor.flush();
  const page = await get("/metrics");
  expect(page.headers.get("content-type")).toContain("version=0.0.4");
  expect(await page.text()).toMatch(/^geopivot_events_accepted_total 2$/m);
  await monitor.close();
}

test("express", async () => {
  const monitor = newMonitor();
  const server = expressService(monitor).listen(0, "127.0.0.1");
  closing.push(() => server.close());
  await new Promise((resolve) => server.on("listening", resolve));
  await ask((server.address() as AddressInfo).port, monitor);
});

test("fastify", async () => {
  const monitor = newMonitor();
  const app = fastifyService(monitor);
  closing.push(() => app.close());
  await app.listen({ port: 0, host: "127.0.0.1" });
  await ask((app.server.address() as AddressInfo).port, monitor);
});

test("hono", async () => {
  const monitor = newMonitor();
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const made = serve({ fetch: honoService(monitor).fetch, port: 0, hostname: "127.0.0.1" }, () => resolve(made));
  });
  closing.push(() => server.close());
  await ask((server.address() as AddressInfo).port, monitor);
});
