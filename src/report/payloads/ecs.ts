import { isoTime } from "../../core/time.js";
import type { Finding, Severity } from "../../detect/finding.js";
import { countryName } from "../../grid/countries.js";
import { ATTACK_TECHNIQUES, type AttackTechnique } from "./attackTechniques.js";
import type { ExportOptions, JsonObject } from "./ocsf.js";

/** The version of the Elastic Common Schema that the documents follow. */
export const ECS_VERSION = "8.17.0";

/** Severity as a number from 0 to 100, in the steps that Elastic's own rules use. */
const RISK_SCORES: Readonly<Record<Severity, number>> = { info: 1, low: 21, medium: 47, high: 73, critical: 99 };

/** Findings as ECS documents of kind `alert`, one each: to be indexed as they are. */
export function findingsEcs(findings: readonly Finding[], options: ExportOptions = {}): JsonObject[] {
  return findings.map((finding) => alertDocument(finding, options));
}

function alertDocument(finding: Finding, { productVersion = "" }: ExportOptions): JsonObject {
  const attack = ATTACK_TECHNIQUES[finding.subtype];
  const [ip] = finding.ips;
  const [user] = finding.users;
  const geo = geoOf(finding);
  const source = { ...(ip === undefined ? {} : { ip }), ...(geo === null ? {} : { geo }) };
  return {
    "@timestamp": isoTime(finding.detectedAtMs),
    ecs: { version: ECS_VERSION },
    message: finding.title,
    event: eventOf(finding),
    rule: { id: finding.subtype, name: finding.subtype, category: finding.kind, ruleset: "geopivot" },
    observer: {
      product: "geopivot",
      vendor: "geopivot",
      ...(productVersion === "" ? {} : { version: productVersion }),
    },
    ...(Object.keys(source).length === 0 ? {} : { source }),
    ...(user === undefined ? {} : { user: { name: user } }),
    related: { ip: finding.ips, user: finding.users },
    ...(attack === undefined ? {} : { threat: threatOf(attack) }),
    labels: {
      measure: finding.measure,
      observed: String(finding.observed),
      expected: String(finding.expected),
      clients: String(finding.clients),
      region: finding.region.name,
    },
  };
}

function threatOf({ tactic, technique, subtechnique }: AttackTechnique): JsonObject {
  const named = (it: { id: string; name: string }) => ({ id: [it.id], name: [it.name] });
  return {
    framework: "MITRE ATT&CK",
    tactic: named(tactic),
    technique: { ...named(technique), ...(subtechnique === undefined ? {} : { subtechnique: named(subtechnique) }) },
  };
}

function eventOf(finding: Finding): JsonObject {
  const { startMs, endMs } = finding;
  return {
    kind: "alert",
    category:
      finding.users.length > 0 || finding.measure === "failed_logins"
        ? ["authentication", "intrusion_detection"]
        : ["web"],
    type: ["info"],
    id: finding.id,
    action: finding.subtype,
    module: "geopivot",
    dataset: "geopivot.findings",
    provider: "geopivot",
    created: isoTime(finding.detectedAtMs),
    start: isoTime(startMs),
    ...(endMs === null ? {} : { end: isoTime(endMs), duration: Math.round((endMs - startMs) * 1e6) }),
    severity: RISK_SCORES[finding.severity],
    risk_score: RISK_SCORES[finding.severity],
    reason: finding.title,
  };
}

function geoOf(finding: Finding): JsonObject | null {
  const { countries, subdivisions, cities, centroid } = finding.region;
  if (countries.length !== 1) return null;
  return {
    country_iso_code: countries[0],
    country_name: countryName(countries[0]!),
    ...(subdivisions.length === 1 ? { region_name: subdivisions[0] } : {}),
    ...(cities.length === 1 ? { city_name: cities[0] } : {}),
    ...(centroid === null ? {} : { location: { lat: centroid.lat, lon: centroid.lon } }),
  };
}
