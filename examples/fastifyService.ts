// A fastify service that watches where its requests come from, and what becomes of them: the hook is five lines.
//
//   const monitor = new Monitor({ locator: await openLocator(), state: "state" });
//   await fastifyService(monitor).listen({ port: 8080 });
import fastify, { type FastifyInstance } from "fastify";
import { type Monitor, PROMETHEUS_TYPE, prometheusPage } from "geopivot/monitor";

export function fastifyService(monitor: Monitor): FastifyInstance {
  const app = fastify({ trustProxy: "loopback" });
  app.addHook("onResponse", async ({ ip, method, url }, { statusCode: status, elapsedTime }) => {
    const path = url.split("?", 1)[0];
    monitor.push({ ts: Date.now(), ip, method, path, status, latency_ms: elapsedTime });
  });
  app.get("/metrics", (_, reply) => reply.type(PROMETHEUS_TYPE).send(prometheusPage(monitor.health())));
  app.get("/", async () => "hello");
  return app;
}
