import { forEachLatency } from "../../../cube/measures/latencyStore.js";
import { type LocalizedCause, localize } from "../../../explain/localize.js";
import type { Cause } from "../../finding.js";
import type { Incident } from "../scan/sequentialScan.js";
import type { RegionalSeries } from "../series/regionalSeries.js";
import { coarseBin, latencyOfBin } from "../series/trafficColumns.js";

/** Slices that carry less than this are not listed, nor more than so many. */
const LISTED = 0.15;
const MAX_CAUSES = 5;
/** A cause carries so much more of the change than it has of the traffic. */
const BEYOND_ITS_PART = 0.1;
/** A value that has more of all requests explains nothing. */
const NOT_ALL = 0.9;
const DAY_MS = 86_400_000;

/** What of an incident's change is looked for. */
export interface ChangeSought {
  /** Requests that were expected, for drops. */
  readonly expected?: number;
  /** Latency from which a request is slow, for hotspots. */
  readonly slowMs?: number;
}

/**
 * Which slices of an incident's traffic carry it: values of the cube's dimensions, countries where it spans several, and
 * conjunctions of them, by {@link localize} against the day before.
 *
 * @param base - the slice that the incident itself is, such as `{ country: "DE" }`
 */
export function localizedCauses(
  series: RegionalSeries,
  incident: Incident,
  base: Readonly<Record<string, string>>,
  sought: ChangeSought,
): Cause[] {
  const offered = attributesOf(series, incident, base);
  const all = leavesOf(series, incident, offered, sought.slowMs);
  const attributes = offered.filter((_, a) => !isDominated(all, a));
  if (attributes.length === 0) return [];
  const leaves = attributes.length === offered.length ? all : leavesOf(series, incident, attributes, sought.slowMs);
  const column = (k: number): Float64Array => Float64Array.from(leaves, ({ sums }) => sums[k]!);
  const [real, realTotal, before, beforeTotal] = [column(0), column(1), column(2), column(3)];
  const usual = total(beforeTotal);
  if (leaves.length < 2 || usual === 0) return [];
  const isDrop = incident.signal.kind === "drop";
  const scale = (sought.expected ?? 0) / usual;
  const { causes } = localize(
    {
      attributes: Object.fromEntries(attributes.map(({ name }, a) => [name, leaves.map((leaf) => leaf.values[a]!)])),
      ...(isDrop
        ? { real: realTotal, predicted: beforeTotal.map((count) => count * scale) }
        : { real, realTotal, predicted: before, predictedTotal: beforeTotal }),
    },
    { maxCauses: MAX_CAUSES },
  );
  const partOf = ({ slice, except = {} }: LocalizedCause): number => {
    const mine = leaves.filter(({ values }) =>
      attributes.every(
        ({ name }, a) => (slice[name] ?? values[a]) === values[a] && !except[name]?.includes(values[a]!),
      ),
    );
    return mine.reduce((sum, leaf) => sum + leaf.sums[3], 0) / usual;
  };
  return causes
    .filter((c) => c.share >= LISTED && (isDrop ? c.real < c.predicted : c.real > c.predicted))
    .filter((c) => c.share >= partOf(c) + BEYOND_ITS_PART && Object.values(c.slice).every((value) => value !== ""))
    .map(({ slice, except, share }) => ({
      slice: { ...base, ...slice },
      ...(except && { except }),
      share: Math.round(share * 1000) / 1000,
    }))
    .sort((a, b) => b.share - a.share);
}

interface AttributeColumn {
  readonly name: string;
  readonly of: (group: number) => string;
}

interface Leaf {
  readonly values: readonly string[];
  /** Events and requests now, then those of the day before. */
  readonly sums: [number, number, number, number];
}

/** Dimensions that the incident is no value of, and the country where it has several. */
function attributesOf(
  { cube, sites: { sites } }: RegionalSeries,
  incident: Incident,
  base: Readonly<Record<string, string>>,
): AttributeColumn[] {
  const { groups, places } = cube;
  const columns = cube.dimensions.flatMap(({ name, dictionary }, d): AttributeColumn[] =>
    name in base || dictionary.size < 3 ? [] : [{ name, of: (g) => dictionary.value(groups.codes[d]![g]!) }],
  );
  const countries = new Set(incident.zone.sites.map((s) => sites.country[s]!));
  if (countries.size > 1)
    columns.push({ name: "country", of: (g) => places.countries.value(places.country[groups.place[g]!]!) });
  return columns;
}

function leavesOf(
  series: RegionalSeries,
  incident: Incident,
  attributes: readonly AttributeColumn[],
  slowMs: number | undefined,
): Leaf[] {
  const { ledger, traffic } = series;
  const day = Math.max(1, Math.round(DAY_MS / traffic.bucketMs));
  const { sites } = incident.zone;
  const leaves = new Map<string, Leaf>();
  const add = (groups: readonly number[], at: 0 | 2): void => {
    for (const g of groups) {
      const values = attributes.map((attribute) => attribute.of(g));
      const key = values.join("\u0000");
      let leaf = leaves.get(key);
      if (leaf === undefined) leaves.set(key, (leaf = { values, sums: [0, 0, 0, 0] }));
      const [events, requests] = figuresOf(series, g, slowMs);
      leaf.sums[at] += events;
      leaf.sums[at + 1]! += requests;
    }
  };
  add(ledger.groups(sites, incident.from, incident.to), 0);
  add(ledger.groups(sites, incident.from - day, incident.from - 1), 2);
  return [...leaves.values()];
}

/** Whether one value has nearly all requests: it explains nothing, and hides what does. */
function isDominated(leaves: readonly Leaf[], a: number): boolean {
  const requests = new Map<string, number>();
  let all = 0;
  for (const { values, sums } of leaves) {
    const count = sums[1] + sums[3];
    requests.set(values[a]!, (requests.get(values[a]!) ?? 0) + count);
    all += count;
  }
  return Math.max(0, ...requests.values()) > NOT_ALL * all;
}

/** What happened and how many requests there were: failed, turned away, or slow ones. */
function figuresOf({ cube, refusals }: RegionalSeries, g: number, slowMs: number | undefined): [number, number] {
  const { groups, segment } = cube;
  if (slowMs === undefined) return [(refusals ? groups.clientErrors : groups.errors)[g]!, groups.count[g]!];
  let [slow, all] = [0, 0];
  forEachLatency(segment.latencies, g, (bin, times) => {
    all += times;
    if (latencyOfBin(coarseBin(bin)) > slowMs) slow += times;
  });
  return [slow, all];
}

const total = (column: Float64Array): number => column.reduce((a, b) => a + b, 0);
