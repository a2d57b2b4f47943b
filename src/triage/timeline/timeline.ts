import type { Finding, FindingSeries } from "../../detect/finding.js";
import type { Alert } from "../alert.js";

/** An incident as it went: the draft of what is told afterwards. Times are epoch milliseconds UTC. */
export interface IncidentTimeline {
  readonly alert: Alert;
  /** When the first of it could be told. */
  readonly knowableMs: number;
  /** When somebody was told; null if nobody was. */
  readonly toldMs: number | null;
  /** By time. */
  readonly moments: readonly TimelineMoment[];
  /** How the outline grew, by time: each step holds all that was known by then. */
  readonly outline: readonly OutlineStep[];
  /** What its chart draws: the series of the gravest finding that has one, and what it measures. */
  readonly chart: { readonly measure: string; readonly series: FindingSeries } | null;
  /** Findings in it that are not told one by one, because there are too many. */
  readonly omitted: number;
}

export type MomentKind = "began" | "knowable" | "told" | "ended";

export interface TimelineMoment {
  readonly atMs: number;
  readonly kind: MomentKind;
  readonly text: string;
  /** Who was told, where the kind is `told`. */
  readonly receivers: readonly string[];
}

export interface OutlineStep {
  readonly atMs: number;
  /** Names of the regions known by then, the gravest first. */
  readonly regions: readonly string[];
  /** H3 indexes, sorted; resolutions may be mixed. */
  readonly cells: readonly string[];
}

/** Findings that are told one by one, the gravest first. */
const MOST_FINDINGS = 20;

/**
 * What could be known when, what was told to whom, how the outline grew and when it ended.
 *
 * @param alert - the incident, as `triage` gave it last
 * @param findings - those that it is made of; others are left out, so all of a log may be given
 * @example
 * ```ts
 * const { alerts } = triage(findings, policy);
 * for (const { atMs, text } of timeline(alerts[0]!, findings).moments) console.log(new Date(atMs).toISOString(), text);
 * ```
 */
export function timeline(alert: Alert, findings: readonly Finding[]): IncidentTimeline {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const own = alert.findings.flatMap((id) => byId.get(id) ?? []);
  const told = own.slice(0, MOST_FINDINGS);
  const charted = own.find(({ series }) => series !== undefined && series.timeMs.length > 1);
  const knowableMs = Math.min(alert.detectedAtMs, ...own.map(({ detectedAtMs }) => detectedAtMs));
  return {
    alert,
    knowableMs,
    toldMs: alert.history.find(({ receivers }) => receivers.length > 0)?.atMs ?? null,
    moments: momentsOf(alert, told, knowableMs),
    outline: outlineOf(alert, own, knowableMs),
    chart: charted ? { measure: charted.series!.measure ?? charted.measure, series: charted.series! } : null,
    omitted: own.length - told.length,
  };
}

/** At one time, what was comes before what was told of it. */
const ORDER: readonly MomentKind[] = ["began", "knowable", "ended", "told"];

function momentsOf(alert: Alert, findings: readonly Finding[], knowableMs: number): TimelineMoment[] {
  const moments: TimelineMoment[] = [];
  const add = (atMs: number, kind: MomentKind, text: string, receivers: readonly string[] = []): void => {
    moments.push({ atMs, kind, text, receivers });
  };
  for (const { startMs, detectedAtMs, endMs, title } of findings) {
    add(startMs, "began", title);
    add(detectedAtMs, "knowable", title);
    if (endMs !== null) add(endMs, "ended", title);
  }
  if (findings.length === 0) {
    add(alert.startMs, "began", alert.title);
    add(knowableMs, "knowable", alert.title);
  }
  for (const event of alert.history)
    add(event.atMs, "told", `${event.change} as ${event.severity}: ${event.title}`, event.receivers);
  // Parts may end long before the whole does.
  if (alert.endMs !== null && !moments.some(({ kind, atMs }) => kind === "ended" && atMs === alert.endMs))
    add(alert.endMs, "ended", alert.resolution ?? alert.title);
  return moments.sort((a, b) => a.atMs - b.atMs || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

function outlineOf(alert: Alert, findings: readonly Finding[], knowableMs: number): OutlineStep[] {
  if (findings.length === 0)
    return [{ atMs: knowableMs, regions: [alert.region.name], cells: [...alert.region.cells].sort() }];
  const times = [...new Set(findings.map(({ detectedAtMs }) => detectedAtMs))].sort((a, b) => a - b);
  const steps: OutlineStep[] = [];
  for (const atMs of times) {
    const known = findings.filter(({ detectedAtMs }) => detectedAtMs <= atMs);
    const cells = [...new Set(known.flatMap(({ region }) => region.cells))].sort();
    const regions = [...new Set(known.map(({ region }) => region.name))];
    const before = steps.at(-1);
    if (before?.cells.length !== cells.length || before.regions.length !== regions.length)
      steps.push({ atMs, regions, cells });
  }
  return steps;
}
