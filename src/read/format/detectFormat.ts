/** The formats that are told apart by content. */
export const FORMATS = ["ndjson", "combined"] as const;
export type FormatName = (typeof FORMATS)[number];

const SAMPLE_LINES = 100;
const CLF = /^\S+ \S+ .*?\[\d{2}\/[A-Za-z]{3}\/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}\] "/;

/** The format that most of the first lines have, or undefined if few have any. */
export function detectFormat(head: string): FormatName | undefined {
  const lines = head
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(0, SAMPLE_LINES);
  const json = lines.filter((line) => line.trimStart().startsWith("{")).length;
  const combined = lines.filter((line) => CLF.test(line)).length;
  if (json === 0 && combined === 0) return undefined;
  return json >= combined ? "ndjson" : "combined";
}
