import type { Events } from "../src/core/events.js";
import type { Finding } from "../src/detect/finding.js";
import { failuresRule, speedRule } from "./suspiciousRules.js";

/** Who judges the logs, in the table's order. */
export const ANALYSTS = ["geopivot", "speed > 900 km/h", "25 failures, 15 users an address"] as const;

/** What each of them finds in the same events, as score.mjs reads it. */
export function judgeAll(
  events: Events,
  find: (events: Events) => readonly Finding[],
): Record<string, readonly object[]> {
  const path = events.dimensions.get("path");
  const method = events.dimensions.get("method");
  const isLogin = (row: number): boolean =>
    path?.dictionary.value(path.codes[row]!) === "/login" && method?.dictionary.value(method.codes[row]!) === "POST";
  const ours = find(events).map((f) => ({ ...f, start: f.startMs, end: f.endMs, detectedAt: f.detectedAtMs }));
  return {
    [ANALYSTS[0]]: ours.filter((f) => f.severity !== "low" && f.severity !== "info"),
    [ANALYSTS[1]]: speedRule(events),
    [ANALYSTS[2]]: failuresRule(events, isLogin),
  };
}

export interface Scores {
  readonly found: string;
  readonly f1: string;
  readonly alarms: number;
  readonly repeats: number;
}

/** The figures of suspicious traffic out of what score.mjs prints. */
export function scoreOf(text: string): Scores {
  const line = text.split("\n").find((l) => l.startsWith("suspicious-traffic")) ?? "";
  const pick = (pattern: RegExp, other: string): string => pattern.exec(line)?.[1] ?? other;
  return {
    found: pick(/\((\d+\/\d+) found/, "–"),
    f1: pick(/F1 ([\d.-]+)/, "–"),
    alarms: Number(pick(/(\d+) false alarms/, "0")),
    repeats: Number(pick(/(\d+) repeats/, "0")),
  };
}

/** A family's row of the table. A family without incidents of suspicious traffic has only alarms. */
export function tableRow(family: string, logs: number, scores: readonly Scores[]): string {
  const cells = scores.map(({ found, f1, alarms, repeats }) => {
    const rate = `${((alarms + repeats) / logs).toFixed(2)}`;
    return found === "–" || found === "0/0" ? rate : `${found}, **${f1}**, ${rate}`;
  });
  return `| ${family} | ${logs} | ${cells.join(" | ")} |`;
}
