import type { ReportModel, ReportPart } from "../../page/reportModel.js";
import { html } from "../dom.js";
import { duration, percent, shortNumber, wholeNumber } from "../format.js";

/** A change smaller than this is none worth a colour. */
const NOTABLE = 0.2;

/** The traffic at a glance: requests, errors, latency, clients, the busiest countries and networks with their change. */
export function mountOverview(box: HTMLElement, { overview }: ReportModel): void {
  box.hidden = overview === null;
  if (!overview) return;
  const { total, clients, countries, networks } = overview;
  box.append(
    figure("Requests", shortNumber(total.requests), wholeNumber(total.requests), total.change),
    figure("Errors", total.errorRate === null ? "–" : percent(total.errorRate), "Share of requests that failed (5xx)"),
    figure("Latency p95", total.p95Ms === null ? "–" : duration(total.p95Ms), "95th percentile of all requests"),
    figure("Clients", clients === null ? "–" : shortNumber(clients), "Distinct client addresses"),
  );
  if (countries.length > 0) box.append(list("Top countries", countries));
  if (networks.length > 0) box.append(list("Top networks", networks));
}

function figure(name: string, value: string, title: string, change: number | null = null): HTMLElement {
  return html(
    "dl",
    { class: "tile", title },
    html("dt", {}, name),
    html("dd", {}, value, change !== null && chip(change)),
  );
}

function list(name: string, parts: readonly ReportPart[]): HTMLElement {
  const rows = parts.map((part) =>
    html(
      "li",
      { title: `${part.name}: ${wholeNumber(part.requests)} requests` },
      html("span", { class: "tile-name" }, part.name),
      html("span", {}, `${Math.round(100 * part.share)}%`),
      part.change === null ? html("span", { class: "change" }) : chip(part.change),
    ),
  );
  return html("div", { class: "tile tile-list" }, html("h2", {}, name), html("ol", {}, ...rows));
}

/** The last day against those before: "+14%". */
function chip(change: number): HTMLElement {
  const text = `${change < 0 ? "−" : "+"}${change >= 9.995 ? "999%" : `${Math.round(100 * Math.abs(change))}%`}`;
  const notable = change > NOTABLE ? " more" : change < -NOTABLE ? " less" : "";
  return html("span", { class: `change${notable}`, title: "Last 24 hours against a mean day before" }, text);
}
