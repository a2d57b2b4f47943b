import type { FindingRegion } from "../../detect/finding.js";
import type { Alert, AlertLoss } from "../alert.js";
import type { Incident } from "../group/incident.js";
import { isDeeper } from "../group/linkReason.js";
import { actionsOf } from "./actionsOf.js";
import { durationText } from "./durationText.js";
import type { Routing } from "./routing.js";
import { causesOf, causeText, spansRegions, stormPlace, titleOf } from "./titleOf.js";

/** What an alert says of itself; when and how it is told is for {@link Alert}'s other fields. */
export type AlertFacts = Omit<Alert, "change" | "history" | "alongside">;

/** An incident as an alert. */
export function alertFacts(incident: Incident, routing: Routing, key: string): AlertFacts {
  const { root, subjects, endMs, startMs } = incident;
  const { finding } = root;
  const causes = causesOf(incident);
  const cause = causeText(incident, causes);
  const loss = lossOfIncident(incident);
  return {
    key,
    status: endMs === null ? "firing" : "resolved",
    severity: routing.severity,
    kind: finding.kind,
    subtype: finding.subtype,
    title: titleOf(incident, cause),
    region: regionOfIncident(incident),
    dimensions: finding.dimensions,
    startMs,
    endMs,
    detectedAtMs: incident.detectedAtMs,
    measure: finding.measure,
    observed: finding.observed,
    expected: finding.expected,
    confidence: finding.confidence,
    cause,
    causes,
    clients: Math.max(...subjects.map(({ finding: { clients } }) => clients)),
    findings: subjects.map(({ finding: { id } }) => id),
    receivers: routing.receivers,
    runbook: routing.runbook,
    steps: routing.steps,
    actions: actionsOf(incident, causes),
    secondOpinion: subjects.find(({ seenByOthers }) => seenByOthers)?.secondOpinion ?? root.secondOpinion,
    loss,
    resolution: endMs === null ? null : resolutionText(endMs - startMs, loss),
    tiers: [...new Set(subjects.flatMap(({ tiers }) => tiers))],
    why: [...new Set([...root.why, ...incident.why, ...subjects.flatMap(({ why }) => why.slice(1)), ...routing.why])],
  };
}

/** "Lasted 55 min; 113 requests lost (93% of those expected)". */
export function resolutionText(lastedMs: number, { amount, unit, share }: AlertLoss): string {
  const cost = amount === null ? "" : `; ${Math.round(amount)} ${unit}`;
  return `Lasted ${durationText(lastedMs)}${cost}${share === null ? "" : ` (${Math.round(share * 100)}% of the region's)`}`;
}

/** What the root lost; of many regions, all of them together, but for those that others hold. */
function lossOfIncident(incident: Incident): AlertLoss {
  const { root, subjects } = incident;
  if (!spansRegions(incident)) return root.loss;
  const alike = subjects.filter(({ loss }) => loss.unit === root.loss.unit && loss.amount !== null);
  const widest = alike.filter((subject) => !alike.some((other) => other !== subject && isDeeper(subject, other)));
  const amount = widest.reduce((sum, { loss }) => sum + loss.amount!, 0);
  return { amount: alike.length === 0 ? null : amount, unit: root.loss.unit, share: null };
}

const MOST_CELLS = 5_000;

/** The root's region; of many, all their places. */
function regionOfIncident(incident: Incident): FindingRegion {
  if (!spansRegions(incident)) return incident.root.finding.region;
  const regions = incident.subjects.map(({ finding }) => finding.region);
  const all = (of: (region: FindingRegion) => readonly string[]): string[] => [...new Set(regions.flatMap(of))].sort();
  return {
    name: stormPlace(incident),
    countries: all((region) => region.countries),
    subdivisions: all((region) => region.subdivisions),
    cities: all((region) => region.cities),
    cells: all((region) => region.cells).slice(0, MOST_CELLS),
    centroid: incident.root.finding.region.centroid,
  };
}
