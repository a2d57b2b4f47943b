import { triageError } from "./errors.js";
import type { IncidentState, TriageState } from "./triageState.js";

/** Reads a state that was kept as JSON. Throws `bad-triage-state`, naming the field. */
export function parseTriageState(text: string): TriageState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw triageError("bad-triage-state", { path: "the document", problem: "is no JSON" });
  }
  const state = record(value, "the document");
  if (state.schema !== "geopivot.triage/1")
    throw triageError("bad-triage-state", {
      path: "schema",
      problem: `is ${JSON.stringify(state.schema)?.slice(0, 40) ?? "missing"}`,
    });
  if (!Number.isFinite(state.atMs)) refuse("atMs", "is no time");
  if (!Array.isArray(state.incidents)) refuse("incidents", "is no list");
  (state.incidents as readonly unknown[]).forEach((incident, i) => {
    checkIncident(record(incident, `incidents[${i}]`), `incidents[${i}]`);
  });
  for (const [id, verdict] of Object.entries(record(state.feedback, "feedback")))
    if (typeof record(verdict, `feedback.${id}`).verdict !== "boolean")
      refuse(`feedback.${id}.verdict`, "is no verdict");
  if (state.digest != null) checkAlert(record(state.digest, "digest"), "digest");
  return state as unknown as TriageState;
}

function checkIncident(incident: Record<string, unknown>, path: string): void {
  for (const name of ["key", "base"] as const satisfies readonly (keyof IncidentState)[])
    if (typeof incident[name] !== "string") refuse(`${path}.${name}`, "is no text");
  if (!["alert", "digest", "held"].includes(String(incident.place))) refuse(`${path}.place`, "is no place");
  if (incident.status !== "firing" && incident.status !== "resolved") refuse(`${path}.status`, "is no status");
  for (const name of ["openedAtMs", "startMs"] as const satisfies readonly (keyof IncidentState)[])
    if (!Number.isFinite(incident[name])) refuse(`${path}.${name}`, "is no time");
  if (incident.endMs !== null && !Number.isFinite(incident.endMs)) refuse(`${path}.endMs`, "is no time");
  if (typeof incident.storm !== "boolean") refuse(`${path}.storm`, "is neither true nor false");
  if (!Array.isArray(incident.findings) || !incident.findings.every((id) => typeof id === "string"))
    refuse(`${path}.findings`, "is no list of texts");
  if (incident.place !== "alert") return;
  checkAlert(record(incident.alert, `${path}.alert`), `${path}.alert`);
}

function checkAlert(alert: Record<string, unknown>, path: string): void {
  if (alert.status !== "firing" && alert.status !== "resolved") refuse(`${path}.status`, "is no status");
  if (!Number.isFinite(alert.startMs)) refuse(`${path}.startMs`, "is no time");
  if (!Array.isArray(alert.history)) refuse(`${path}.history`, "is no list");
  record(alert.region, `${path}.region`);
  record(alert.loss, `${path}.loss`);
}

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(path, "is no map");
  return value as Record<string, unknown>;
}

function refuse(path: string, problem: string): never {
  throw triageError("bad-triage-state", { path, problem });
}
