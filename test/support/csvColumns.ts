import { readFileSync } from "node:fs";
import { sharedData } from "./sharedData.js";

/** The numeric columns of a small shared CSV file without quoted commas, by name; NaN for what is no number. */
export function csvColumns(path: string): Record<string, number[]> {
  const [head = "", ...lines] = readFileSync(sharedData(path), "utf8").trim().split(/\r?\n/);
  const rows = lines.map((line) => line.split(","));
  return Object.fromEntries(
    head.split(",").map((name, i) => [name.replaceAll('"', ""), rows.map((row) => Number(row[i]))]),
  );
}
