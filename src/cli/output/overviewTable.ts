import type { Cube } from "../../cube/cube.js";
import { type Overview, overview, type TrafficPart } from "../../report/overview.js";
import { printable } from "./printable.js";
import { cutText, fitWidths, padTextEnd, terminalWidth, textWidth } from "./textWidth.js";

/** Names longer than this are cut. */
const LONGEST_NAME = 36;

/** The traffic at a glance, as a table for a person: in all, the busiest countries, the busiest networks. */
export function overviewTable(cube: Cube, width = terminalWidth()): string {
  const seen = overview(cube);
  const hasChange = seen.total.change !== null;
  const head = ["", "REQUESTS", "SHARE", "ERRORS", "P95 MS", ...(hasChange ? ["LAST 24 H"] : [])];
  const rows = [
    rowOf({ ...seen.total, name: everything(seen) }, hasChange),
    ...[...seen.countries, ...seen.networks].map((part) => rowOf(part, hasChange)),
  ];
  const widest = head.map((_, column) => Math.max(...[head, ...rows].map((row) => textWidth(row[column]!))));
  const widths = fitWidths(
    widest,
    head.map((_, column) => column === 0),
    2,
    width,
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? padTextEnd(cutText(cell, widths[0]!), widths[0]!) : cell.padStart(widths[column]!),
      )
      .join("  ");
  return `${[head, ...rows].map((row) => line(row).trimEnd()).join("\n")}\n`;
}

function everything({ clients }: Overview): string {
  if (Number.isNaN(clients)) return "everything";
  return `everything, ${clients.toLocaleString("en-US")} ${clients === 1 ? "client" : "clients"}`;
}

function rowOf({ name, requests, share, errorRate, p95Ms, change }: TrafficPart, hasChange: boolean): string[] {
  return [
    cutText(printable(name), LONGEST_NAME),
    requests.toLocaleString("en-US"),
    percent(share, 0),
    percent(errorRate, 1),
    Number.isNaN(p95Ms) ? "-" : String(Math.round(p95Ms)),
    ...(hasChange ? [change === null ? "new" : `${change < 0 ? "-" : "+"}${percent(Math.abs(change), 0)}`] : []),
  ];
}

const percent = (share: number, digits: number): string =>
  Number.isNaN(share) ? "-" : `${(100 * share).toFixed(digits)}%`;
