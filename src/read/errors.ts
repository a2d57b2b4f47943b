import { errorKind } from "../core/errors.js";

/** What reading can fail with. A bad line is no failure: it is counted in the report. */
type ReadErrorDetails = {
  "file-not-found": { file: string };
  "is-directory": { file: string };
  "not-readable": { file: string; why: string };
  "empty-input": { files: readonly string[] };
  "binary-input": { file: string; looksLike: string };
  "truncated-input": { file: string; compression: string };
  "corrupt-input": { file: string; compression: string; why: string };
  "unknown-format": { file: string; firstLine: string; way: string };
  "mostly-rejected": {
    file: string;
    format: string;
    lines: number;
    rejected: number;
    worstReason: string;
    likely: string;
  };
  "bad-format": { format: string; known: readonly string[] };
  "bad-format-string": { format: string; why: string };
  "bad-map": { field: string; why: string };
  "no-such-field": { name: string; field: string; has: readonly string[]; near?: string };
  "bad-option": { option: string; why: string };
};

/** What the user can do about most lines having no time or no client. */
function wayOf({ worstReason, likely }: ReadErrorDetails["mostly-rejected"]): string {
  if (likely === "" && worstReason === "bad-time") return `: ${WAY_OF_TIMES}`;
  const name = likely === "" ? NAMES_OF_MISSING[worstReason] : undefined;
  return name === undefined ? "" : `: say which field holds it, as in --map ${name}=FIELD`;
}

const WAY_OF_TIMES =
  "write times as ISO 8601 or epoch; of 01/02/2024 nothing tells the day from the month while no day is beyond the 12th";

const NAMES_OF_MISSING: Readonly<Record<string, string>> = { "no-address": "ip", "no-time": "ts" };

function listed(names: readonly string[]): string {
  return `${names.slice(0, 12).join(", ")}${names.length > 12 ? " …" : ""}`;
}

export const readError = errorKind<ReadErrorDetails>({
  "file-not-found": (d) => `${d.file}: no such file`,
  "is-directory": (d) => `${d.file} is a directory: name the files in it, for instance ${d.file}/*.log`,
  "not-readable": (d) => `${d.file} cannot be read: ${d.why}`,
  "empty-input": (d) => `${d.files.join(", ")}: nothing to read, the input is empty`,
  "binary-input": (d) => `${d.file} is not a log: it looks like ${d.looksLike}`,
  "truncated-input": (d) => `${d.file} ends in the middle of its ${d.compression} data: the file is incomplete`,
  "corrupt-input": (d) => `${d.file}: the ${d.compression} data is damaged (${d.why})`,
  "unknown-format": (d) =>
    `${d.file}: no known log format fits its lines, the first being ${JSON.stringify(d.firstLine)}${d.way === "" ? "" : `: ${d.way}`}`,
  "mostly-rejected": (d) =>
    `${d.file}: ${d.rejected} of ${d.lines} lines are no ${d.format} events (mostly ${d.worstReason})${d.likely === "" ? "" : `; it looks like ${d.likely}`}${wayOf(d)}`,
  "bad-format": (d) =>
    `${JSON.stringify(d.format)} is no format: one of ${d.known.join(", ")}, or a format string of nginx or Apache`,
  "bad-format-string": (d) => `the format string ${JSON.stringify(d.format)} cannot be read: ${d.why}`,
  "bad-map": (d) => `field ${JSON.stringify(d.field)} cannot be mapped: ${d.why}`,
  "no-such-field": (d) =>
    `${d.name}=${d.field}: no line has a field ${JSON.stringify(d.field)}${d.near === undefined ? "" : `; did you mean ${JSON.stringify(d.near)}?`} (they have ${listed(d.has)})`,
  "bad-option": (d) => `option ${d.option}: ${d.why}`,
});
