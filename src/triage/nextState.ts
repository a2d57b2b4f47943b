import { DAY_MS } from "../core/time.js";
import type { Alert } from "./alert.js";
import type { Placement } from "./decide/placeIncidents.js";
import type { Incident } from "./group/incident.js";
import { endOf, goneOf, type ToldAlerts } from "./tell/tellAlerts.js";
import type { FeedbackState, IncidentState, TriageState } from "./triageState.js";

/** What is over and of which nothing is found any more is remembered this long: for the budget, and for what flaps. */
const REMEMBERED_MS = DAY_MS;

/** What the next call has to know. */
export function nextState(
  placement: Placement,
  told: ToldAlerts,
  state: TriageState | null,
  feedback: Readonly<Record<string, FeedbackState>>,
  nowMs: number,
): TriageState {
  const alerts = placement.alerts.map((routed) => stateOf(routed.incident, "alert", told.byIncident.get(routed)!));
  const digest = placement.digest.map((incident) => stateOf(incident, "digest", null));
  const held = placement.held.map((incident) => stateOf(incident, "held", null));
  const gone = goneOf(placement, state).filter(({ endMs }) => (endMs ?? nowMs) > nowMs - REMEMBERED_MS);
  return {
    schema: "geopivot.triage/1",
    atMs: nowMs,
    incidents: [...alerts, ...digest, ...held, ...gone.map((incident) => ended(incident, nowMs))],
    feedback,
  };
}

function stateOf(incident: Incident, place: IncidentState["place"], alert: Alert | null): IncidentState {
  const { told, absorbed, base, startMs, endMs, subjects, detectedAtMs, storm } = incident;
  const ids = subjects.map(({ finding }) => finding.id);
  const before = [told, ...absorbed].flatMap((one) => one?.findings ?? []);
  return {
    key: alert?.key ?? told?.key ?? base,
    base,
    place,
    status: alert?.status ?? (endMs === null ? "firing" : "resolved"),
    openedAtMs: told?.place === place ? told.openedAtMs : detectedAtMs,
    startMs,
    endMs,
    storm,
    findings: [...new Set([...ids, ...before])],
    alert,
  };
}

/** Findings that come back after their incident has ended are news: their ids are let go. */
function ended(incident: IncidentState, nowMs: number): IncidentState {
  const [alert] = endOf(incident, nowMs, "no longer found");
  return {
    ...incident,
    status: "resolved",
    endMs: incident.endMs ?? nowMs,
    findings: [],
    alert: alert ?? incident.alert,
  };
}
