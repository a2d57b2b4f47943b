/** From the gravest to the mildest, as the page orders and counts them. */
export const SEVERITY_ORDER = ["critical", "high", "medium", "low", "info"] as const;

export type SeverityName = (typeof SEVERITY_ORDER)[number];

/** What is listed at first: "low" and "info" are what only an analyst would want to see. */
export const SHOWN_AT_FIRST: readonly SeverityName[] = ["critical", "high", "medium"];

/** A known severity, or "info" for anything else: the name becomes part of a class name. */
export function severityClass(severity: string): SeverityName {
  return SEVERITY_ORDER.find((known) => known === severity) ?? "info";
}

const KINDS: Readonly<Record<string, string>> = {
  "regional-outage": "Outage",
  "latency-hotspot": "Latency",
  "suspicious-traffic": "Suspicious",
};

/** "Outage · traffic drop", "Suspicious · impossible travel". */
export function kindLabel(kind: string, subtype: string): string {
  const family = KINDS[kind] ?? words(kind);
  const detail = words(subtype);
  return detail.toLowerCase() === family.toLowerCase() ? family : `${family} · ${detail.toLowerCase()}`;
}

/** "p95_latency_ms" → "p95 latency ms", "credential-stuffing" → "credential stuffing", "distanceKm" → "distance km". */
export function words(name: string): string {
  return name
    .replace(/[_-]+/g, " ")
    .replace(/([a-z0-9])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
}
