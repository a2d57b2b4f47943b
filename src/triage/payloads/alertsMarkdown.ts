import type { Alert, DigestEntry } from "../alert.js";
import { alertLines } from "./alertLines.js";
import type { PayloadOptions } from "./payloadOptions.js";
import { markdownText } from "./text/markdownText.js";
import { safeUrl } from "./text/safeUrl.js";

const LONGEST_TITLE = 300;
const LONGEST = 1_000;
const MOST_LINES = 30;

/**
 * Alerts as Markdown, for mail and tickets: a section each.
 *
 * @example
 * ```ts
 * writeFileSync("alerts.md", alertsMarkdown(alerts, { reportUrl }));
 * ```
 */
export function alertsMarkdown(alerts: readonly Alert[], options: PayloadOptions = {}): string {
  const report = safeUrl(options.reportUrl);
  const parts = [
    ...alerts.map(alertMarkdown),
    ...(alerts.length === 0 ? ["No alerts."] : []),
    ...(report === null ? [] : [`[Report](${report})`]),
  ];
  return `${parts.join("\n\n")}\n`;
}

function alertMarkdown(alert: Alert): string {
  const { title, severity, status, steps, why, digest } = alert;
  const state = status === "resolved" ? "resolved" : severity;
  const lines = alertLines(alert).filter(({ name }) => name !== "digest");
  const rows = lines.map(({ label, text }) => `| ${label} | ${markdownText(text, LONGEST)} |`);
  const runbook = safeUrl(alert.runbook);
  return [
    `## ${markdownText(title, LONGEST_TITLE, "Untitled")} (${state})`,
    ["| | |", "|---|---|", ...rows].join("\n"),
    ...(digest === undefined ? [] : [digestMarkdown(digest)]),
    ...(steps.length === 0 ? [] : [`**What to do first**\n\n${listMarkdown(steps, (i) => `${i + 1}.`)}`]),
    ...(runbook === null ? [] : [`[Runbook](${runbook})`]),
    ...(why.length === 0 ? [] : [`**Why this alert**\n\n${listMarkdown(why, () => "-")}`]),
  ].join("\n\n");
}

function digestMarkdown(digest: readonly DigestEntry[]): string {
  const rows = digest
    .slice(0, MOST_LINES)
    .map(({ severity, title, count }) => `| ${severity} | ${markdownText(title, LONGEST)} | ${count} |`);
  const more = digest.length > MOST_LINES ? [`And ${digest.length - MOST_LINES} more.`] : [];
  return ["**What is in it**", ["| severity | what | incidents |", "|---|---|--:|", ...rows].join("\n"), ...more].join(
    "\n\n",
  );
}

function listMarkdown(lines: readonly string[], mark: (i: number) => string): string {
  return lines
    .slice(0, MOST_LINES)
    .map((line, i) => `${mark(i)} ${markdownText(line, LONGEST, "–")}`)
    .join("\n");
}
