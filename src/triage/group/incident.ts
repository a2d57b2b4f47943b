import type { Severity } from "../../detect/finding.js";
import { graver } from "../judge/compileSeverity.js";
import type { Subject } from "../judge/subject.js";
import type { IncidentState } from "../triageState.js";
import { dedupKey } from "./dedupKey.js";

/** Findings that are one incident. */
export interface Incident {
  readonly base: string;
  /** Gravest first. */
  readonly subjects: readonly Subject[];
  /** The one that names it. */
  readonly root: Subject;
  readonly severity: Severity;
  readonly startMs: number;
  /** null while any of it lasts. */
  readonly endMs: number | null;
  /** When the first of it could be told. */
  readonly detectedAtMs: number;
  /** What was told of it before, if it was. */
  readonly told: IncidentState | null;
  /** Incidents told apart before that turned out to be this one. */
  readonly absorbed: readonly IncidentState[];
  /** Whether it is many regions at once rather than one with its parts. */
  readonly storm: boolean;
  readonly why: readonly string[];
}

/** What is known of an incident beside its subjects. */
export interface IncidentParts {
  readonly known: readonly IncidentState[];
  readonly storm?: boolean;
  readonly why: readonly string[];
}

/** Makes an incident of subjects (at least one); of those told before, the one opened first goes on. */
export function incidentOf(subjects: readonly Subject[], { known, storm = false, why }: IncidentParts): Incident {
  const ordered = [...subjects].sort(compareSubjects);
  const [told = null, ...absorbed] = [...known].sort(
    (a, b) => rankOf(a) - rankOf(b) || a.openedAtMs - b.openedAtMs || (a.key < b.key ? -1 : 1),
  );
  const root = rootOf(ordered);
  const first = ordered.reduce((a, b) => (b.finding.detectedAtMs < a.finding.detectedAtMs ? b : a));
  const lasts = ordered.some(({ endMs }) => endMs === null);
  return {
    base: told?.base ?? dedupKey(first),
    subjects: ordered,
    root,
    severity: ordered.reduce((worst, { severity }) => graver(worst, severity), root.severity),
    startMs: Math.min(...ordered.map(({ finding }) => finding.startMs)),
    endMs: lasts ? null : Math.max(...ordered.map(({ endMs }) => endMs!)),
    detectedAtMs: first.finding.detectedAtMs,
    told,
    absorbed,
    storm: storm || known.some((one) => one.storm),
    why,
  };
}

/** Several incidents as one. */
export function joinIncidents(incidents: readonly Incident[], why: string, storm: boolean): Incident {
  return incidentOf(
    incidents.flatMap(({ subjects }) => subjects),
    {
      known: incidents.flatMap(({ told, absorbed }) => (told ? [told, ...absorbed] : absorbed)),
      storm: storm || incidents.some((incident) => incident.storm),
      why: [...new Set([...incidents.flatMap((incident) => incident.why), why])],
    },
  );
}

/** Gravest first, then what lost most, then what was told first. */
export function compareSubjects(a: Subject, b: Subject): number {
  if (a.severity !== b.severity) return graver(a.severity, b.severity) === a.severity ? -1 : 1;
  return (
    (b.loss.amount ?? 0) - (a.loss.amount ?? 0) ||
    a.finding.detectedAtMs - b.finding.detectedAtMs ||
    (a.finding.id < b.finding.id ? -1 : 1)
  );
}

/** A subject that lost this much of what the greatest did may name the incident. */
const NEARLY_ALL = 0.6;

/** Of those that lose nearly as much as the greatest, the one that is hit deepest: Germany, not the world without it. */
function rootOf(ordered: readonly Subject[]): Subject {
  const gravest = ordered[0]!;
  const rivals = ordered.filter(
    ({ loss, finding }) =>
      loss.unit === gravest.loss.unit &&
      loss.amount !== null &&
      loss.share !== null &&
      loss.amount >= NEARLY_ALL * (gravest.loss.amount ?? 0) &&
      finding.kind === gravest.finding.kind,
  );
  return rivals.reduce((best, one) => ((one.loss.share ?? 0) > 1.5 * (best.loss.share ?? 1) ? one : best), gravest);
}

/** What was told to people goes on before what only stood in a digest. */
const rankOf = ({ place }: IncidentState): number => ["alert", "digest", "held"].indexOf(place);
