import type { Finding, Severity } from "../../detect/finding.js";
import { ATTACK_TECHNIQUES, type AttackTechnique } from "./attackTechniques.js";

/** The version of the Open Cybersecurity Schema Framework that the documents follow. */
export const OCSF_VERSION = "1.5.0";

const CLASS_UID = 2004;
const CREATE = 1;
const CLASSIFICATION = {
  activity_id: CREATE,
  activity_name: "Create",
  category_uid: 2,
  category_name: "Findings",
  class_uid: CLASS_UID,
  class_name: "Detection Finding",
  type_uid: CLASS_UID * 100 + CREATE,
  type_name: "Detection Finding: Create",
};
const SEVERITY_IDS: Readonly<Record<Severity, number>> = { info: 1, low: 2, medium: 3, high: 4, critical: 5 };
/** Observable types of OCSF. */
const IP_ADDRESS = 2;
const USER_NAME = 4;
/** Addresses and users that become evidence one by one; the counts say how many there are. */
const MAX_EVIDENCES = 100;

export interface ExportOptions {
  /** Version of the product that found it; default the empty string, which leaves it out. */
  readonly productVersion?: string;
}

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Findings as OCSF Detection Findings (class 2004), one document each. Times are epoch milliseconds. */
export function findingsOcsf(findings: readonly Finding[], options: ExportOptions = {}): JsonObject[] {
  return findings.map((finding) => detectionFinding(finding, options));
}

function detectionFinding(finding: Finding, options: ExportOptions): JsonObject {
  return {
    ...CLASSIFICATION,
    severity_id: SEVERITY_IDS[finding.severity],
    severity: finding.severity === "info" ? "Informational" : capital(finding.severity),
    status_id: 1,
    status: "New",
    time: finding.detectedAtMs,
    start_time: finding.startMs,
    ...(finding.endMs === null ? {} : { end_time: finding.endMs }),
    message: finding.title,
    confidence_score: Math.round(finding.confidence * 100),
    is_alert: finding.severity !== "info" && finding.severity !== "low",
    metadata: { version: OCSF_VERSION, product: product(options), uid: finding.id },
    finding_info: findingInfo(finding),
    evidences: evidences(finding),
    observables: [
      ...finding.ips.map((ip) => observable("evidences.src_endpoint.ip", IP_ADDRESS, "IP Address", ip)),
      ...finding.users.map((user) => observable("evidences.user.name", USER_NAME, "User Name", user)),
    ],
    unmapped: {
      measure: finding.measure,
      observed: finding.observed,
      expected: finding.expected,
      clients: finding.clients,
      region: finding.region,
      ...(finding.evidence === undefined ? {} : { evidence: finding.evidence }),
    },
  };
}

function findingInfo(finding: Finding): JsonObject {
  const attack = ATTACK_TECHNIQUES[finding.subtype];
  return {
    uid: finding.id,
    title: finding.title,
    types: [finding.kind, finding.subtype],
    created_time: finding.detectedAtMs,
    first_seen_time: finding.startMs,
    ...(finding.endMs === null ? {} : { last_seen_time: finding.endMs }),
    analytic: { name: finding.subtype, type_id: 3, type: "Statistical" },
    ...(attack === undefined ? {} : { attacks: [attackOf(attack)] }),
  };
}

const observable = (name: string, typeId: number, type: string, value: string): JsonObject => ({
  name,
  type_id: typeId,
  type,
  value,
});

/** One evidence an address, with the place of the finding; one a user beyond those; at the least one of the facts alone. */
function evidences(finding: Finding): JsonObject[] {
  const location = locationOf(finding);
  const sources = finding.ips.map((ip) => ({ src_endpoint: { ip, ...(location === null ? {} : { location }) } }));
  const users = finding.users.map((name) => ({ user: { name } }));
  const all: JsonObject[] = [...sources.slice(0, MAX_EVIDENCES), ...users.slice(0, MAX_EVIDENCES)];
  return all.length > 0 ? all : [{ data: { observed: finding.observed, expected: finding.expected } }];
}

/** Only where the finding is of one country: an address of a wider finding may be in any of its places. */
function locationOf(finding: Finding): JsonObject | null {
  const { countries, cities, centroid } = finding.region;
  if (countries.length !== 1) return null;
  return {
    country: countries[0],
    ...(cities.length === 1 ? { city: cities[0] } : {}),
    ...(cities.length === 1 && centroid !== null ? { lat: centroid.lat, long: centroid.lon } : {}),
  };
}

function attackOf({ tactic, technique, subtechnique }: AttackTechnique): JsonObject {
  return {
    tactic: { uid: tactic.id, name: tactic.name },
    technique: { uid: technique.id, name: technique.name },
    ...(subtechnique === undefined ? {} : { sub_technique: { uid: subtechnique.id, name: subtechnique.name } }),
  };
}

const product = ({ productVersion = "" }: ExportOptions): JsonObject => ({
  name: "geopivot",
  vendor_name: "geopivot",
  ...(productVersion === "" ? {} : { version: productVersion }),
});

const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);
