// An express service that watches where its requests come from, and what becomes of them: the middleware is five lines.
//
//   const monitor = new Monitor({ locator: await openLocator(), state: "state" });
//   expressService(monitor).listen(8080);
//   for await (const finding of monitor.findings()) console.log(finding.severity, finding.title);
import express, { type Express } from "express";
import { type Monitor, PROMETHEUS_TYPE, prometheusPage } from "geopivot/monitor";

export function expressService(monitor: Monitor): Express {
  const app = express().set("trust proxy", "loopback");
  app.use((request, response, next) => {
    const [ts, { ip, method, path }] = [Date.now(), request];
    const seen = () => ({ ts, ip, method, path, status: response.statusCode, latency_ms: Date.now() - ts });
    response.on("finish", () => monitor.push(seen()));
    next();
  });
  app.get("/metrics", (_, response) => void response.type(PROMETHEUS_TYPE).send(prometheusPage(monitor.health())));
  app.get("/", (_, response) => void response.send("hello"));
  return app;
}
