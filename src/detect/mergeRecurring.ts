import { DAY_MS, MINUTE_MS } from "../core/time.js";
import { type Finding, SEVERITIES } from "./finding.js";

/** The same again within so long recurs. */
const WITHIN_MS = 7 * DAY_MS;
/** A region's trouble recurs when it comes by the clock: so many times, gaps being multiples of the least within so much. */
const BY_THE_CLOCK = 3;
const UNEVEN = 0.1;
const UNEVEN_MS = 20 * MINUTE_MS;
/** Clients and surges that come back are the same ones, from the second time on. */
const COMING_BACK: ReadonlySet<string> = new Set(["traffic-surge", "busy-client", "scraper"]);

/**
 * Makes one finding of what is the same again: a deploy that fails every six hours, a scraper that comes every night. It
 * has the numbers of its gravest time, the span of all, and says how often.
 */
export function mergeRecurring(findings: readonly Finding[]): Finding[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = keyOf(finding);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [finding]);
    else known.push(finding);
  }
  return [...groups.values()].flatMap((group) => {
    const again = [...group].sort((a, b) => a.startMs - b.startMs);
    return recurs(again) ? [recurring(again)] : group;
  });
}

/** What makes two findings the same: kind and place, or the client. */
function keyOf(f: Finding): string {
  if (f.severity === "info" || f.subtype === "coverage") return f.id;
  const dimensions = JSON.stringify(f.dimensions);
  if (COMING_BACK.has(f.subtype))
    return `${f.subtype} ${f.subtype === "traffic-surge" ? `${f.region.name} ${dimensions}` : f.ips[0]}`;
  return f.kind === "suspicious-traffic" ? f.id : `${f.subtype} ${f.region.name} ${dimensions}`;
}

function recurs(again: readonly Finding[]): boolean {
  if (again.length < 2) return false;
  const gaps = again.slice(1).map((f, i) => f.startMs - again[i]!.startMs);
  if (gaps.some((gap) => gap > WITHIN_MS)) return false;
  return COMING_BACK.has(again[0]!.subtype) || (again.length >= BY_THE_CLOCK && isByTheClock(gaps));
}

function isByTheClock(gaps: readonly number[]): boolean {
  const least = Math.min(...gaps);
  return gaps.every((gap) => {
    const times = Math.round(gap / least);
    return Math.abs(gap - times * least) <= Math.max(UNEVEN_MS, UNEVEN * least);
  });
}

function recurring(again: readonly Finding[]): Finding {
  const rank = (f: Finding): number => SEVERITIES.indexOf(f.severity);
  const worst = again.reduce((a, b) => (rank(b) < rank(a) ? b : a));
  const lasts = again.at(-1)!.endMs === null;
  return {
    ...worst,
    id: again[0]!.id,
    startMs: again[0]!.startMs,
    endMs: lasts ? null : Math.max(...again.map((f) => f.endMs!)),
    detectedAtMs: again[0]!.detectedAtMs,
    title: `${worst.title}, recurring, ${again.length} times`,
    ips: [...new Set(again.flatMap((f) => f.ips))].slice(0, 1000),
    evidence: { ...worst.evidence, times: again.map((f) => new Date(f.startMs).toISOString()) },
  };
}
