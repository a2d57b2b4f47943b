import type { Monitor } from "../../monitor/monitor.js";
import type { ReportOptions } from "../../report/page/buildReportModel.js";
import { liveModel, renderLivePage } from "../../report/page/renderLivePage.js";
import { findingsJson } from "../../report/payloads/findingsJson.js";
import { jsonText } from "../output/jsonText.js";
import type { Routes } from "./serve/liveServer.js";
import { type Metric, prometheusText } from "./serve/prometheusText.js";

export interface LiveRoutesOptions {
  readonly monitor: Monitor;
  readonly picture: () => ReportOptions;
  readonly metrics: () => readonly Metric[];
  /** What went wrong for good; undefined while all is well. */
  readonly failure: () => string | undefined;
}

const JSON_TYPE = "application/json; charset=utf-8";

/** What `--listen` answers, besides events. */
export function liveRoutes({ monitor, picture, metrics, failure }: LiveRoutesOptions): Routes {
  const model = onceAnUpdate(monitor, () => liveModel(picture()));
  return {
    "/": () => ({
      type: "text/html; charset=utf-8",
      body: renderLivePage(picture(), { events: "/events", model: "/model" }),
      headers: { "content-security-policy": "frame-ancestors 'none'" },
    }),
    "/model": () => ({ type: "application/octet-stream", body: model() }),
    "/findings": () => {
      const { input, findings } = picture();
      return { type: JSON_TYPE, body: `${jsonText(findingsJson(input, findings, { details: true }))}\n` };
    },
    "/metrics": () => ({ type: "text/plain; version=0.0.4; charset=utf-8", body: prometheusText(metrics()) }),
    "/healthz": () => {
      const error = failure();
      const { judgedMs, lagMs, findingsOpen, warnings } = monitor.health();
      const judged = judgedMs === null ? null : new Date(judgedMs).toISOString();
      const status = error === undefined ? "ok" : "failed";
      const body = {
        status,
        ...(error !== undefined && { error }),
        judged,
        lagSeconds: lagMs / 1000,
        findingsOpen,
        warnings,
      };
      return { status: error === undefined ? 200 : 503, type: JSON_TYPE, body: `${jsonText(body)}\n` };
    },
  };
}

/** What is made of the monitor's state, made anew only when that has changed: many may ask at once. */
function onceAnUpdate<T>(monitor: Monitor, make: () => T): () => T {
  let key = "";
  let made: T;
  return () => {
    const { buckets, changes } = monitor.health();
    const now = `${buckets} ${changes}`;
    if (now !== key) made = make();
    key = now;
    return made;
  };
}
