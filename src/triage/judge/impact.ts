import type { Finding } from "../../detect/finding.js";
import type { AlertLoss } from "../alert.js";

/** What a finding says is lost, in the terms of its measure. */
export function lossOf(finding: Finding): AlertLoss {
  const { amount, unit, share } = exactLoss(finding);
  return {
    amount: amount === null ? null : rounded(amount, 100),
    unit,
    share: share === null ? null : rounded(share, 1000),
  };
}

function exactLoss(finding: Finding): AlertLoss {
  const { subtype, measure, observed, expected } = finding;
  if (subtype === "traffic-drop") {
    const amount = Math.max(0, expected - observed);
    return { amount, unit: `${unitOf(measure)} lost`, share: expected > 0 ? amount / expected : null };
  }
  if (COUNTED_FAILURES.has(measure)) {
    const amount = Math.max(0, observed - expected);
    const all = numberOf(finding, "requests");
    const what = measure.endsWith("visits") ? "visits" : "requests";
    const how = measure.startsWith("refused") ? "turned away" : "failed";
    return { amount, unit: `${what} ${how}`, share: all === null || all <= 0 ? null : Math.min(1, amount / all) };
  }
  if (measure === "error_rate")
    return { amount: null, unit: "requests failed", share: clampShare(observed - expected) };
  if (measure.endsWith("latency_ms"))
    return { amount: numberOf(finding, "requests"), unit: "requests slowed", share: null };
  if (RATES.has(measure)) return { amount: null, unit: unitOf(measure), share: null };
  return { amount: Math.max(0, observed - expected), unit: unitOf(measure), share: null };
}

const COUNTED_FAILURES: ReadonlySet<string> = new Set(["errors", "failed_visits", "refused", "refused_visits"]);
/** Measures that nobody can add up. */
const RATES: ReadonlySet<string> = new Set(["speed_kmh", "share"]);

const unitOf = (measure: string): string =>
  measure === "failed_logins" ? "failed log-ins" : measure.replaceAll("_", " ");

const rounded = (value: number, parts: number): number => Math.round(value * parts) / parts;

const clampShare = (share: number): number => Math.min(1, Math.max(0, share));

function numberOf({ evidence }: Finding, name: string): number | null {
  const value = evidence?.[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
