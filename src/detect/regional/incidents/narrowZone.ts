import type { Incident, SequentialScan } from "../scan/sequentialScan.js";
import type { RegionalSeries } from "../series/regionalSeries.js";

/** Were the rest hit like the core, it would show so much at least … */
const TELLING = 8;
/** … and it shows no more than this share of that. */
const SPARED = 0.25;

/**
 * Narrows an incident of a value (a version, a PoP) that spans several countries to the one country that it happens in:
 * where all others, had they been hit alike, would show it and do not. Its numbers are then those of that country.
 */
export function narrowZone(series: RegionalSeries, watch: SequentialScan, incident: Incident): Incident {
  const { sites } = series.sites;
  const { zone } = incident;
  const isValue = series.sites.sliced ? zone.kind === "world" : sites.splits.some((s) => s.name === zone.kind);
  if (!isValue) return incident;
  const byCountry = new Map<number, number[]>();
  for (const s of zone.sites) byCountry.set(sites.country[s]!, [...(byCountry.get(sites.country[s]!) ?? []), s]);
  if (byCountry.size < 2) return incident;
  const parts = [...byCountry.values()].map((members) => ({ members, ...amountOf(series, watch, incident, members) }));
  const core = parts.reduce((a, b) => (b.excess > a.excess ? b : a));
  const rest = parts.filter((part) => part !== core);
  const hit = (core.excess / Math.max(1e-9, core.base)) * rest.reduce((sum, part) => sum + part.base, 0);
  const shown = rest.reduce((sum, part) => sum + part.excess, 0);
  if (core.excess <= 0 || hit < TELLING || shown > SPARED * hit) return incident;
  return { ...incident, zone: { ...zone, kind: "country", sites: core.members } };
}

/** What is lost or fails too often, and what of that could have been. */
function amountOf(
  { traffic }: RegionalSeries,
  watch: SequentialScan,
  { signal, from, to }: Incident,
  members: readonly number[],
): { readonly excess: number; readonly base: number } {
  const n = traffic.sites.length;
  const isDrop = signal.kind === "drop";
  let [excess, base] = [0, 0];
  for (let t = from; t <= to; t++)
    for (const s of members) {
      const i = t * n + s;
      excess += (watch.observed[i]! - watch.expected[i]!) * (isDrop ? -1 : 1);
      base += isDrop ? watch.expected[i]! : traffic.visits[i]!;
    }
  return { excess, base };
}
