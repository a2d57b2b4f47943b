import type { Cause } from "../../finding.js";
import type { Incident } from "../scan/sequentialScan.js";
import type { RegionalSeries } from "../series/regionalSeries.js";
import { localizedCauses } from "./localizedCauses.js";

/** A slice is the cause when it carries this much of the change … */
export const CARRIES = 0.9;
/** … and no more than this much of the traffic: a slice that is nearly everything explains nothing. */
export const NOT_ALL = 0.8;
/** Slices that carry less than this are not listed. */
const LISTED = 0.15;
const DAY_MS = 86_400_000;

/** The slices that carry a change, and the dimensions it is confined to. */
export interface SliceCause {
  readonly cause: readonly Cause[];
  readonly dimensions: Readonly<Record<string, string>>;
}

/**
 * Says which values of the cube's other dimensions (service, version, method) carry an incident: by the change of each
 * value's count against what its share of the day before leads to expect.
 *
 * @param base - the slice that the region itself is, such as `{ country: "DE" }`
 */
export function sliceCause(
  series: RegionalSeries,
  incident: Incident,
  expected: number,
  base: Readonly<Record<string, string>>,
): SliceCause {
  const cause: Cause[] = [];
  const dimensions: Record<string, string> = {};
  for (const [d, { name, dictionary }] of series.cube.dimensions.entries()) {
    if (name in base) continue;
    const changes = changesBy(series, incident, expected, d);
    const total = changes.reduce((sum, c) => sum + c.change, 0);
    if (changes.length < 2 || total <= 0) continue;
    for (const { code, change, usual } of changes) {
      const share = change / total;
      if (share < LISTED || share < usual + 0.1 || code === 0) continue;
      cause.push({ slice: { ...base, [name]: dictionary.value(code) }, share: Math.round(share * 1000) / 1000 });
      if (share >= CARRIES && usual <= NOT_ALL) dimensions[name] = dictionary.value(code);
    }
  }
  cause.sort((a, b) => b.share - a.share);
  const found = localizedCauses(series, incident, base, { expected });
  return { cause: found.length > 0 ? found : cause.slice(0, 5), dimensions };
}

interface Change {
  readonly code: number;
  /** Requests lost, or errors too many; at least 0. */
  readonly change: number;
  /** Share of the region's usual traffic. */
  readonly usual: number;
}

function changesBy(series: RegionalSeries, incident: Incident, expected: number, d: number): Change[] {
  const { ledger, traffic } = series;
  const { sites } = incident.zone;
  const day = Math.max(1, Math.round(DAY_MS / traffic.bucketMs));
  const before = countsBy(series, ledger.groups(sites, incident.from - day, incident.from - 1), d);
  const during = countsBy(series, ledger.groups(sites, incident.from, incident.to), d);
  const usualTotal = sum(before.requests);
  const rate = Math.max(sum(before.errors), 1) / Math.max(usualTotal, 1);
  const codes = new Set([...before.requests.keys(), ...during.requests.keys()]);
  return [...codes]
    .sort((a, b) => a - b)
    .map((code) => {
      const usual = (before.requests.get(code) ?? 0) / Math.max(usualTotal, 1);
      const requests = during.requests.get(code) ?? 0;
      const change =
        incident.signal.kind === "drop"
          ? expected * usual - requests
          : (during.errors.get(code) ?? 0) - requests * rate;
      return { code, change: Math.max(0, change), usual };
    });
}

function countsBy(
  { cube, refusals }: RegionalSeries,
  groups: readonly number[],
  d: number,
): { requests: Map<number, number>; errors: Map<number, number> } {
  const requests = new Map<number, number>();
  const errors = new Map<number, number>();
  const codes = cube.groups.codes[d]!;
  const failed = refusals ? cube.groups.clientErrors : cube.groups.errors;
  for (const g of groups) {
    const code = codes[g]!;
    requests.set(code, (requests.get(code) ?? 0) + cube.groups.count[g]!);
    errors.set(code, (errors.get(code) ?? 0) + failed[g]!);
  }
  return { requests, errors };
}

const sum = (values: Map<number, number>): number => [...values.values()].reduce((a, b) => a + b, 0);
