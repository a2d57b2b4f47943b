import { styleText } from "node:util";
import { type Finding, SEVERITIES, type Severity } from "../../detect/finding.js";
import { printable } from "./printable.js";
import { terminalWidth, wrapText } from "./textWidth.js";

/** More rows than this are a file's job. */
const MAX_ROWS = 30;

/** So many of what only an analyst would want to see are shown beside what is grave. */
const MAX_MINOR_ROWS = 5;

/** Where fewer columns are left beside the facts, titles go below them. */
const LEAST_TITLE = 30;

const COLORS: Readonly<Record<Severity, Parameters<typeof styleText>[0]>> = {
  critical: ["bold", "red"],
  high: "red",
  medium: "yellow",
  low: "cyan",
  info: "gray",
};

const HEAD = ["SEVERITY", "START (UTC)", "LASTED", "CLIENTS", "FINDING"] as const;

/** Findings as aligned columns, gravest first, within the terminal's width; colours only where stdout is a terminal that wants them. */
export function findingsTable(findings: readonly Finding[], width = terminalWidth()): string {
  const shown = shownFindings(findings);
  const rows = shown.map((f) => [
    f.severity,
    minute(f.startMs),
    lasted(f),
    f.clients.toLocaleString("en-US"),
    printable(f.title),
  ]);
  const widths = HEAD.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const before = widths.slice(0, 4).reduce((sum, one) => sum + one + 2, 0);
  const line = ([severity, start, time, clients, title]: readonly string[]): string => {
    const facts = [
      severity!.padEnd(widths[0]!),
      start!.padEnd(widths[1]!),
      time!.padEnd(widths[2]!),
      clients!.padStart(widths[3]!),
    ].join("  ");
    const beside = width - before >= LEAST_TITLE;
    const titles = wrapText(title!, beside ? width - before : width - 2);
    return beside ? `${facts}  ${titles.join(`\n${" ".repeat(before)}`)}` : [facts, ...titles].join("\n  ");
  };
  const body = rows.map((row, i) => paint(line(row), shown[i]!.severity));
  return `${[line(HEAD), ...body, ...theRest(findings, shown)].join("\n")}\n`;
}

/** All that is grave, and of the rest as much as still reads well. */
function shownFindings(findings: readonly Finding[]): Finding[] {
  const grave = findings.filter((f) => !isMinor(f)).slice(0, MAX_ROWS);
  const minor = findings.filter(isMinor).slice(0, Math.min(MAX_MINOR_ROWS, MAX_ROWS - grave.length));
  return [...grave, ...minor];
}

function isMinor(finding: Finding): boolean {
  return finding.severity === "low" || finding.severity === "info";
}

/** One line for what is not shown: how many of each severity. */
function theRest(findings: readonly Finding[], shown: readonly Finding[]): string[] {
  const hidden = SEVERITIES.map((severity) => {
    const count = (list: readonly Finding[]): number => list.filter((f) => f.severity === severity).length;
    return [severity, count(findings) - count(shown)] as const;
  }).filter(([, count]) => count > 0);
  if (hidden.length === 0) return [];
  const counts = hidden.map(([severity, count]) => `${count.toLocaleString("en-US")} ${severity}`).join(", ");
  return [`… and ${counts} more (--json and --html show them all)`];
}

function paint(text: string, severity: Severity): string {
  const plain = !process.stdout.isTTY || process.env.NO_COLOR;
  return plain ? text : text.replace(severity, styleText(COLORS[severity], severity));
}

function lasted(finding: Finding): string {
  if (finding.endMs === null) return "ongoing";
  const minutes = Math.max(1, Math.round((finding.endMs - finding.startMs) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${(hours / 24).toFixed(1)} d`;
}

function minute(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace("T", " ");
}
