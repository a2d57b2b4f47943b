import { expect, test } from "vitest";
import { findSuspicious } from "../../src/detect/suspicious/findSuspicious.js";
import { findingsEcs } from "../../src/report/payloads/ecs.js";
import { findingsOcsf } from "../../src/report/payloads/ocsf.js";
import { eventsOf } from "../detect/suspicious/eventsOf.js";
import { berlin, hanoi, inOrder, quietDays, START, tokyo, visit } from "../detect/suspicious/quietWorld.js";

const DAY = 86_400_000;
const at = START + 3 * DAY;
const findings = findSuspicious(
  eventsOf(
    inOrder([
      ...quietDays(41),
      visit(at - 300_000, "u7", "20.0.0.7", berlin),
      ...[0, 1, 2].map((k) => visit(at + k * 60_000, "u7", "50.0.0.9", tokyo)),
      ...[...Array(100).keys()].map((k) =>
        visit(at + 36_000_000 + k * 9_000, `u${k}`, `77.0.0.${k % 4}`, hanoi, {
          path: "/login",
          method: "POST",
          status: k === 50 ? 200 : 401,
        }),
      ),
    ]),
  ),
);

// Attribute names of github.com/ocsf/ocsf-schema: events/base_event, events/findings/finding and detection_finding,
// objects/metadata, product, finding_info, analytic, attack, evidences, network_endpoint, location, user, observable.
const OCSF: Readonly<Record<string, string>> = {
  "": "activity_id activity_name category_uid category_name class_uid class_name type_uid type_name severity_id severity status_id status time start_time end_time message confidence_score is_alert metadata finding_info evidences observables unmapped",
  metadata: "version product uid",
  "metadata.product": "name vendor_name version",
  finding_info: "uid title types created_time first_seen_time last_seen_time analytic attacks desc",
  "finding_info.analytic": "name type_id type uid version",
  "finding_info.attacks": "technique sub_technique tactic version",
  "finding_info.attacks.sub_technique": "uid name",
  "finding_info.attacks.technique": "uid name",
  "finding_info.attacks.tactic": "uid name",
  evidences: "src_endpoint user data",
  "evidences.src_endpoint": "ip location port",
  "evidences.src_endpoint.location": "country city region lat long continent",
  "evidences.user": "name uid",
  observables: "name type_id type value",
};

// Field names of github.com/elastic/ecs, generated/csv/fields.csv.
const ECS: ReadonlySet<string> = new Set(
  "@timestamp ecs.version message event.kind event.category event.type event.id event.action event.module event.dataset event.provider event.created event.start event.end event.duration event.severity event.risk_score event.reason rule.id rule.name rule.category rule.ruleset observer.product observer.vendor observer.version source.ip source.geo.country_iso_code source.geo.country_name source.geo.region_name source.geo.city_name source.geo.location.lat source.geo.location.lon user.name related.ip related.user threat.framework threat.tactic.id threat.tactic.name threat.technique.id threat.technique.name threat.technique.subtechnique.id threat.technique.subtechnique.name".split(
    " ",
  ),
);

/** Names of a document's fields: of objects all, of arrays those of their elements. */
function walk(value: unknown, path: string, visitKey: (parent: string, key: string, value: unknown) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, path, visitKey);
  else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      visitKey(path, key, inner);
      if (path === "" && key === "unmapped") continue; // what OCSF has no attribute for
      walk(inner, path === "" ? key : `${path}.${key}`, visitKey);
    }
  }
}

test("findings become OCSF Detection Findings whose names the schema has", () => {
  const documents = findingsOcsf(findings, { productVersion: "0.1.0" });
  expect(documents.length).toBe(findings.length);
  expect(findings.map((f) => f.subtype)).toEqual(expect.arrayContaining(["impossible-travel", "credential-stuffing"]));
  for (const document of documents) {
    for (const required of [
      "activity_id",
      "category_uid",
      "class_uid",
      "type_uid",
      "severity_id",
      "time",
      "metadata",
      "finding_info",
    ]) {
      expect(document).toHaveProperty(required);
    }
    expect(document).toMatchObject({
      class_uid: 2004,
      category_uid: 2,
      type_uid: 200_401,
      metadata: { version: "1.5.0" },
    });
    walk(document, "", (parent, key) => expect(OCSF[parent]?.split(" "), `${parent}.${key}`).toContain(key));
  }
});

test("findings become ECS alerts whose names the schema has", () => {
  for (const document of findingsEcs(findings)) {
    expect(document).toMatchObject({ event: { kind: "alert" }, ecs: { version: "8.17.0" } });
    walk(document, "", (parent, key, value) => {
      const leaf = typeof value !== "object" || Array.isArray(value);
      const path = parent === "" ? key : `${parent}.${key}`;
      if (leaf && !path.startsWith("labels.")) expect(ECS.has(path), path).toBe(true);
    });
  }
});

test("severity, technique, time and place are those of the finding", () => {
  const stuffing = findings.findIndex((f) => f.subtype === "credential-stuffing");
  expect(findingsOcsf(findings)[stuffing]).toMatchObject({
    severity_id: 5,
    start_time: findings[stuffing]!.startMs,
    finding_info: { attacks: [{ technique: { uid: "T1110" }, sub_technique: { uid: "T1110.004" } }] },
    evidences: expect.arrayContaining([
      { src_endpoint: { ip: "77.0.0.0", location: { country: "VN", city: "Hanoi", lat: 21.03, long: 105.85 } } },
    ]),
  });
  expect(findingsEcs(findings)[stuffing]).toMatchObject({
    event: { severity: 99, action: "credential-stuffing" },
    source: { geo: { country_iso_code: "VN", city_name: "Hanoi" } },
    user: { name: "u50" },
    threat: { technique: { id: ["T1110"], subtechnique: { id: ["T1110.004"] } } },
  });
});
