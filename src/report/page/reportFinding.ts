import type { Finding, FindingSeries } from "../../detect/finding.js";
import { country, countryName } from "../../grid/countries.js";
import { cellsToGeoJson } from "../../grid/outlines/cellsToGeoJson.js";
import { timeZoneOf } from "../../grid/timeZones.js";
import type { ReportFinding, ReportSeries, ReportStop } from "./reportModel.js";

/** The page lists no more users or addresses than these; the JSON that it carries has up to 1,000. */
const MOST_NAMES = 100;
/** Evidence longer than this is cut. */
const LONGEST_TEXT = 160;
/** A chart has no more points than this; longer series are cut to what is around the finding. */
const MOST_POINTS = 800;

/** A finding as the page shows it. Throws `bad-cell` where it names a cell that is none. */
export function reportFinding(finding: Finding): ReportFinding {
  const { region, series, expectedInterval, evidence, users, ips, ...rest } = finding;
  return {
    ...rest,
    region: region.name,
    centroid: region.centroid,
    countries: wholeCountries(finding),
    timeZone: zoneOf(finding),
    rings: ringsOf(region.cells),
    path: [evidence?.from, evidence?.to].flatMap(stopOf),
    expectedInterval: expectedInterval ?? null,
    users: users.slice(0, MOST_NAMES),
    ips: ips.slice(0, MOST_NAMES),
    userCount: users.length,
    ipCount: ips.length,
    series: series && series.timeMs.length > 1 ? reportSeries(series, finding) : null,
    evidence: Object.entries(evidence ?? {}).flatMap(([name, value]) => evidenceOf(name, value)),
  };
}

/** Numeric codes of the countries that a finding is about as a whole, as the map's shapes are named. */
function wholeCountries({ region }: Finding): string[] {
  if (region.subdivisions.length > 0 || region.cities.length > 0) return [];
  if (!region.countries.every((code) => region.name.includes(countryName(code)))) return []; // a circle around a place
  return region.countries.map((code) => country(code)?.numeric ?? "").filter((code) => code !== "");
}

/** The clock of the place; null where several countries are meant. */
function zoneOf({ region: { countries, centroid } }: Finding): string | null {
  const [only, ...others] = countries;
  return only !== undefined && others.length === 0 && centroid ? timeZoneOf(only, centroid.lat, centroid.lon) : null;
}

/** Rings of the outline, to a hundred-thousandth of a degree (a metre). */
function ringsOf(cells: readonly string[]): number[][] {
  const { coordinates } = cellsToGeoJson(cells);
  return coordinates.flatMap((polygon) => polygon.map((ring) => ring.flat().map((x) => Math.round(x * 1e5) / 1e5)));
}

/** An end of an impossible journey, as its detector gives it: `{ place, lat, lon, time }`; nothing of anything else. */
function stopOf(end: unknown): ReportStop[] {
  if (typeof end !== "object" || end === null) return [];
  const { place, lat, lon, time } = end as Record<string, unknown>;
  const timeMs = Date.parse(String(time));
  if (typeof lat !== "number" || typeof lon !== "number" || !Number.isFinite(lat + lon + timeMs)) return [];
  return [{ place: String(place ?? ""), lat, lon, timeMs }];
}

function reportSeries(series: FindingSeries, { measure, startMs }: Finding): ReportSeries {
  const excess = Math.max(0, series.timeMs.length - MOST_POINTS);
  const at = series.timeMs.findIndex((time) => time >= startMs);
  const from = Math.min(excess, Math.max(0, at - MOST_POINTS / 2));
  const cut = <T>(values: readonly T[]): T[] => values.slice(from, from + MOST_POINTS);
  return {
    measure: series.measure ?? measure,
    bucketMs: series.bucketMs,
    timeMs: cut(series.timeMs),
    observed: cut(series.observed),
    expected: cut(series.expected),
    low: series.low ? cut(series.low) : null,
    high: series.high ? cut(series.high) : null,
  };
}

/** Numbers as they are, lists of plain values joined to a text. What is empty or nested deeper is left to the JSON. */
function evidenceOf(name: string, value: unknown): [string, string | number][] {
  if (typeof value === "number" && Number.isFinite(value)) return [[name, value]];
  const values = Array.isArray(value) ? (value as unknown[]) : [value];
  if (!values.every((v) => ["number", "string", "boolean"].includes(typeof v))) return [];
  const text = values.slice(0, 8).join(", ") + (values.length > 8 ? ` and ${values.length - 8} more` : "");
  if (text === "") return [];
  return [[name, text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text]];
}
