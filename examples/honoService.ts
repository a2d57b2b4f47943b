// A hono service that watches where its requests come from, and what becomes of them: the middleware is five lines.
//
//   const monitor = new Monitor({ locator: await openLocator(), state: "state" });
//   serve({ fetch: honoService(monitor).fetch, port: 8080 });
import { getConnInfo } from "@hono/node-server/conninfo";
import { type Monitor, PROMETHEUS_TYPE, prometheusPage } from "geopivot/monitor";
import { Hono } from "hono";

export function honoService(monitor: Monitor): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const [ts, ip] = [Date.now(), getConnInfo(context).remote.address];
    await next();
    const { method, path } = context.req;
    monitor.push({ ts, ip, method, path, status: context.res.status, latency_ms: Date.now() - ts });
  });
  app.get("/metrics", (context) =>
    context.text(prometheusPage(monitor.health()), 200, { "content-type": PROMETHEUS_TYPE }),
  );
  app.get("/", (context) => context.text("hello"));
  return app;
}
