import { isoTime } from "../../core/time.js";
import { durationText } from "../../triage/tell/durationText.js";
import type { Triage } from "../../triage/triage.js";
import { printable } from "./printable.js";

/** More rows than this are a file's job. */
const MAX_ROWS = 30;
const HEAD = ["ALERT", "SINCE (UTC)", "LASTED", "TO", "WHAT"] as const;

/** Alerts as aligned columns, then what was held back, in one line. */
export function alertsTable({ alerts, digest, suppressed }: Pick<Triage, "alerts" | "digest" | "suppressed">): string {
  const rows = alerts
    .slice(0, MAX_ROWS)
    .map((alert) => [
      alert.status === "firing" ? alert.severity : `${alert.severity}, over`,
      isoTime(alert.startMs).slice(0, 16).replace("T", " "),
      alert.endMs === null ? "ongoing" : durationText(alert.endMs - alert.startMs),
      printable(alert.receivers.join(", ")) || "nobody",
      printable(alert.title),
    ]);
  const widths = HEAD.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!))).join("  ");
  const more = alerts.length > MAX_ROWS ? [`… and ${alerts.length - MAX_ROWS} more alerts`] : [];
  const table = alerts.length === 0 ? [] : [line(HEAD), ...rows.map(line), ...more];
  return `${[...table, heldBack(alerts.length, digest, suppressed)].join("\n")}\n`;
}

function heldBack(alerts: number, digest: Triage["digest"], suppressed: Triage["suppressed"]): string {
  const counts = new Map<string, number>();
  for (const { by, findings } of suppressed) counts.set(by, (counts.get(by) ?? 0) + findings.length);
  const digested = digest.reduce((sum, { count }) => sum + count, 0);
  const parts = [
    `${alerts} ${alerts === 1 ? "alert" : "alerts"}`,
    ...(digested > 0 ? [`${digested} in the digest`] : []),
    ...[...counts].map(([by, count]) => `${count} held back by ${by}`),
  ];
  return parts.join(", ");
}
