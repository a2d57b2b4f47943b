import type { Monitor } from "../../monitor/monitor.js";
import type { ReportOptions } from "../../report/page/buildReportModel.js";
import { liveModel, renderLivePage } from "../../report/page/renderLivePage.js";
import { findingsJson } from "../../report/payloads/findingsJson.js";
import { alertsJson } from "../../triage/alertsJson.js";
import type { Triage } from "../../triage/triage.js";
import { jsonText } from "../output/jsonText.js";
import type { Routes } from "./serve/liveServer.js";
import { type Metric, prometheusText } from "./serve/prometheusText.js";

export interface LiveRoutesOptions {
  readonly monitor: Monitor;
  readonly picture: () => ReportOptions;
  /** What triage said last; undefined where there is none, or none yet. */
  readonly triaged: () => Triage | undefined;
  readonly metrics: () => readonly Metric[];
  /** What went wrong for good; undefined while all is well. */
  readonly failure: () => string | undefined;
}

const JSON_TYPE = "application/json; charset=utf-8";

/** What `--listen` answers, besides events. */
export function liveRoutes({ monitor, picture, triaged, metrics, failure }: LiveRoutesOptions): Routes {
  const model = onceAnUpdate(monitor, triaged, () => liveModel(picture()));
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
    "/alerts": () => {
      const body = alertsJson(triaged() ?? { alerts: [], digest: [], suppressed: [] });
      return { type: JSON_TYPE, body: `${jsonText(body)}\n` };
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

/** What is made of findings and alerts, made anew only when those have changed: many may ask at once. */
function onceAnUpdate<T>(monitor: Monitor, triaged: () => Triage | undefined, make: () => T): () => T {
  let key = "";
  let alerts: Triage | undefined;
  let made: T;
  return () => {
    const { buckets, changes } = monitor.health();
    const now = `${buckets} ${changes}`;
    if (now !== key || triaged() !== alerts) made = make();
    key = now;
    alerts = triaged();
    return made;
  };
}
