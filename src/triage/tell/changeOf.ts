import { MINUTE_MS } from "../../core/time.js";
import { SEVERITIES } from "../../detect/finding.js";
import type { Alert, AlertChange, AlertEvent } from "../alert.js";
import type { AlertFacts } from "./alertOf.js";

/** Growth is told when what is lost, or its outline, has grown by so much … */
const GROWTH = 2;
/** … and no sooner than this after the last news. */
const PAUSE_MS = 15 * MINUTE_MS;

/** What is new of an alert since it was told last. */
export function changeOf(facts: AlertFacts, told: Alert | null, nowMs: number): AlertChange {
  if (told === null) return facts.status === "firing" ? "opened" : "resolved";
  if (facts.status !== told.status) return facts.status === "firing" ? "opened" : "resolved";
  return facts.status === "firing" && hasGrown(facts, told, nowMs) ? "grown" : "unchanged";
}

/** A line for the history of an alert. */
export function eventOf(facts: AlertFacts, change: AlertEvent["change"], atMs: number): AlertEvent {
  const { severity, title, region, receivers, loss } = facts;
  return {
    atMs,
    change,
    severity,
    title,
    region: region.name,
    cells: region.cells.length,
    amount: loss.amount,
    receivers,
  };
}

function hasGrown(facts: AlertFacts, told: Alert, nowMs: number): boolean {
  const last = told.history.at(-1);
  if (last === undefined) return false;
  const rank = (severity: Alert["severity"]): number => SEVERITIES.indexOf(severity);
  if (rank(facts.severity) < rank(last.severity)) return true;
  if (facts.receivers.some((receiver) => !last.receivers.includes(receiver))) return true;
  if (nowMs < last.atMs + PAUSE_MS) return false;
  if (facts.cause !== null && told.cause === null) return true;
  const grew = (now: number | null, then: number | null): boolean =>
    now !== null && then !== null && now >= GROWTH * Math.max(1, then);
  return grew(facts.loss.amount, last.amount) || grew(facts.region.cells.length, last.cells);
}
