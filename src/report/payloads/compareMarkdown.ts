import { isoTime } from "../../core/time.js";
import type { ComparedMeasure, ComparedWindow, Comparison, RegionChange } from "../../pivot/compare/comparison.js";

/** How many movers a report lists. */
const MOVERS = 10;

/** A comparison as GitHub-flavoured Markdown: the verdict first, then what is worse and where, then what moved the most. */
export function compareMarkdown(comparison: Comparison): string {
  const { regressions, movers, before, after } = comparison;
  const better = comparison.changes.filter((change) => change.significant && change.direction === "better");
  const share = movers.filter((change) => change.measure === "traffic_share").slice(0, MOVERS);
  const errors = movers.filter((change) => change.measure === "error_rate").slice(0, MOVERS);
  return [
    `## ${verdict(comparison)}`,
    windowTable([before, after]),
    ...(regressions.length > 0 ? ["### Worse", changeTable(regressions, comparison)] : []),
    ...(better.length > 0 ? ["### Better", changeTable(better, comparison)] : []),
    ...(errors.length > 0 ? ["### What moved the error rate", moverTable(errors)] : []),
    ...(share.length > 0 ? ["### What moved the traffic", moverTable(share)] : []),
    `<sub>False-discovery rate ${percent(comparison.falseDiscoveryRate)} over all regions and measures; q is the rate at which a change would just be reported.</sub>`,
    "",
  ].join("\n\n");
}

/** One line that says whether something is worse, and where. */
export function verdict({ regressions, before, after }: Comparison): string {
  if (regressions.length === 0) return `No region is worse: ${text(before.label)} → ${text(after.label)}`;
  const places = [...new Set(regressions.map(({ region }) => regionName(region)))];
  const named = places.slice(0, 3).map(text).join(", ");
  const more = places.length > 3 ? ` and ${places.length - 3} more` : "";
  return `Worse in ${named}${more}: ${text(before.label)} → ${text(after.label)}`;
}

/** What a measure is called in reports. */
export function measureName(measure: ComparedMeasure, quantile: number): string {
  if (measure === "latency") return `p${Number((100 * quantile).toFixed(4))} latency`;
  return { traffic_share: "share of traffic", error_rate: "error rate", clients: "clients" }[measure];
}

/** A value of a measure as people read it. */
export function measureText(measure: ComparedMeasure, value: number): string {
  if (Number.isNaN(value)) return "–";
  if (measure === "latency") return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
  return measure === "clients" ? String(value) : percent(value);
}

/** "BR", or "BR, São Paulo" where regions are told apart by several dimensions. */
export function regionName(region: RegionChange["region"]): string {
  return Object.values(region)
    .map((label) => label || "(unknown)")
    .join(", ");
}

function windowTable(windows: readonly ComparedWindow[]): string {
  const rows = windows.map((w) => {
    const time = Number.isNaN(w.fromMs) ? "no events" : `${isoTime(w.fromMs)} – ${isoTime(w.toMs)}`;
    const rate = w.requests > 0 ? percent(w.errors / w.requests) : "–";
    return `| ${text(w.label)} | ${time} | ${w.requests} | ${rate} | ${w.clients} |`;
  });
  return ["| | time | requests | errors | clients |", "|---|---|--:|--:|--:|", ...rows].join("\n");
}

function changeTable(changes: readonly RegionChange[], { quantile }: Comparison): string {
  const rows = changes.map((c) => {
    const [was, is] = [measureText(c.measure, c.before), measureText(c.measure, c.after)];
    const requests = `${c.requestsBefore} → ${c.requestsAfter}`;
    return `| ${c.severity} | ${text(regionName(c.region))} | ${measureName(c.measure, quantile)} | ${was} → ${is} | ${requests} | ${c.qValue.toExponential(1)} |`;
  });
  return ["| severity | where | what | change | requests | q |", "|---|---|---|---|---|--:|", ...rows].join("\n");
}

function moverTable(changes: readonly RegionChange[]): string {
  const rows = changes.map((c) => {
    const points = (100 * c.contribution).toFixed(2);
    return `| ${text(regionName(c.region))} | ${percent(c.before)} → ${percent(c.after)} | ${c.contribution > 0 ? "+" : ""}${points} |`;
  });
  return ["| where | change | adds to the whole (points) |", "|---|---|--:|", ...rows].join("\n");
}

function percent(share: number): string {
  if (Number.isNaN(share)) return "–";
  return `${(100 * share).toFixed(Math.abs(share) < 0.1 ? 2 : 1)}%`;
}

/** Names come out of logs: what Markdown or HTML would act on is taken for what it is. */
function text(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const line = value.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");
  return line
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[\\`*_[\]|~#@]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
