import type { Finding } from "../../src/detect/finding.js";
import { countryName } from "../../src/grid/countries.js";

/** 2 March 2026, 12:00 UTC. */
export const NOON_MS = Date.UTC(2026, 2, 2, 12);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export interface FindingParts extends Partial<Omit<Finding, "region">> {
  readonly country?: string;
  readonly subdivision?: string;
  readonly city?: string;
  readonly region?: Partial<Finding["region"]>;
  /** Minutes after noon. */
  readonly from?: number;
  /** Minutes after noon; null while it lasts. */
  readonly to?: number | null;
}

/** A finding as the detectors make it: by default an outage of Germany from noon to half past. */
export function findingOf(parts: FindingParts = {}): Finding {
  const { country = "DE", subdivision, city, region, from = 0, to = 30, ...rest } = parts;
  const name = [city, subdivision, countryName(country)].filter((part) => part !== undefined).join(", ");
  const startMs = rest.startMs ?? NOON_MS + from * MINUTE;
  return {
    id: `${rest.subtype ?? "traffic-drop"} ${name} ${from}`,
    kind: "regional-outage",
    subtype: "traffic-drop",
    severity: "high",
    confidence: 0.999,
    startMs,
    endMs: to === null ? null : NOON_MS + to * MINUTE,
    detectedAtMs: startMs + 5 * MINUTE,
    title: `Traffic from ${name} down 90% (10 of 100 expected)`,
    dimensions: {},
    measure: "requests",
    observed: 10,
    expected: 100,
    clients: 50,
    users: [],
    ips: [],
    cause: [],
    ...rest,
    region: {
      name,
      countries: [country],
      subdivisions: subdivision === undefined ? [] : [subdivision],
      cities: city === undefined ? [] : [city],
      cells: [`cell of ${name}`],
      centroid: { lat: 51, lon: 10 },
      ...region,
    },
  };
}
