import { SEVERITIES } from "../../detect/finding.js";
import { continentName, continentOf } from "../../grid/countries.js";
import type { DigestEntry } from "../alert.js";
import type { Incident } from "../group/incident.js";
import { graver } from "../judge/compileSeverity.js";
import type { TriageState } from "../triageState.js";

/** One entry for all of a subtype on a continent. */
export function digestOf(incidents: readonly Incident[], state: TriageState | null): DigestEntry[] {
  const before = new Set(
    (state?.incidents ?? []).filter(({ place }) => place === "digest").flatMap(({ findings }) => findings),
  );
  const groups = new Map<string, Incident[]>();
  for (const incident of incidents) {
    const key = `${incident.root.finding.kind}/${incident.root.finding.subtype}/${continentOfIncident(incident)}`;
    groups.set(key, [...(groups.get(key) ?? []), incident]);
  }
  const entries = [...groups.values()].map((group) => entryOf(group, before));
  return entries.sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      b.count - a.count ||
      (a.title < b.title ? -1 : 1),
  );
}

function entryOf(group: readonly Incident[], before: ReadonlySet<string>): DigestEntry {
  const first = group[0]!;
  const findings = group.flatMap(({ subjects }) => subjects.map(({ finding }) => finding.id));
  const place = continentOfIncident(first);
  return {
    title:
      group.length === 1
        ? first.root.finding.title
        : `${group.length} × ${first.root.finding.subtype.replaceAll("-", " ")}${place === "" ? "" : ` in ${place}`}`,
    count: group.length,
    severity: group.reduce((worst, { severity }) => graver(worst, severity), first.severity),
    findings,
    fresh: findings.filter((id) => !before.has(id)).length,
  };
}

function continentOfIncident({ root }: Incident): string {
  const continents = new Set(root.finding.region.countries.map((code) => continentOf(code)));
  return continents.size === 1 ? continentName([...continents][0] ?? "") : "";
}
