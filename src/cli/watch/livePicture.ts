import { HOUR_MS } from "../../core/time.js";
import type { Cube } from "../../cube/cube.js";
import type { Finding } from "../../detect/finding.js";
import type { Monitor } from "../../monitor/monitor.js";
import type { ReportOptions } from "../../report/page/buildReportModel.js";
import type { Triage } from "../../triage/triage.js";

/** The live map shows so much of the past. */
const WINDOW_MS = 24 * HOUR_MS;

/** Findings as they stand: one that is open lasts, though the last bucket may have been quiet. */
export function currentFindings({ open, known }: Pick<Monitor, "open" | "known">): Finding[] {
  const ids = new Set(open.map(({ id }) => id));
  return known.map((finding) => (ids.has(finding.id) ? { ...finding, endMs: null } : finding));
}

/** What the report's page takes, of the last day. */
export function livePicture(
  monitor: Monitor,
  files: readonly string[],
  rejected: number,
  attributions: readonly string[],
  triaged: Pick<Triage, "alerts" | "digestAlert"> | undefined,
): ReportOptions {
  const { judgedMs } = monitor.health();
  const cube = judgedMs === null ? null : monitor.cube({ fromMs: judgedMs - WINDOW_MS });
  const hasTraffic = cube !== null && cube.groups.length > 0;
  const counts = hasTraffic ? countsOf(cube) : { events: 0, unlocated: 0 };
  return {
    cube: hasTraffic ? cube : null,
    findings: currentFindings(monitor),
    alerts: triaged === undefined ? [] : [...triaged.alerts, ...(triaged.digestAlert ? [triaged.digestAlert] : [])],
    input: { files, ...counts, rejected, fromMs: hasTraffic ? cube.originMs : null, toMs: judgedMs },
    attributions,
    title: "Geographic traffic, live",
  };
}

function countsOf({ groups }: Cube): { events: number; unlocated: number } {
  let events = 0;
  let unlocated = 0;
  for (let group = 0; group < groups.length; group++) {
    events += groups.count[group]!;
    if (groups.place[group] === 0) unlocated += groups.count[group]!;
  }
  return { events: Math.round(events), unlocated: Math.round(unlocated) };
}
