import { timeBytes } from "../fields/timeBytes.js";
import type { Envelope, InnerLine } from "./envelope.js";

const ISO = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`;
/** RFC 3164: no year, so no time. */
const BSD = String.raw`[A-Z][a-z]{2} [ \d]\d(?: \d{4})? \d\d:\d\d:\d\d(?:\.\d+)?`;
const PRIORITY = String.raw`(?:\d+ )?(?:<\d{1,3}>)?`;
const STRUCTURED = String.raw`(?:-|(?:\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])+)`;

/** Prefixes by their pattern, of which group 1 is the time and the last group the line inside; the more particular first. */
const PREFIXES: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["syslog (RFC 5424)", RegExp(`^(?:\\d+ )?<\\d{1,3}>1 (${ISO}|-) \\S+ \\S+ \\S+ \\S+ ${STRUCTURED} ?\\ufeff?(.*)$`)],
  ["syslog", RegExp(`^${PRIORITY}(${ISO}|${BSD}) (?:\\S+ )??[^\\s:]+(?:\\[[^\\]]*\\])?: ?(?:@cee: ?)?(.*)$`)],
  ["CRI", RegExp(`^(${ISO}) (?:stdout|stderr) ([FP])(?::\\S*)? (.*)$`)],
  ["Fluentd", RegExp(`^(${ISO})\\t\\S+\\t(.*)$`)],
  ["a time before each line", RegExp(`^\\[?(${ISO})\\]?[ \\t]+(.*)$`)],
  ["syslog without a tag", RegExp(`^${PRIORITY}(${ISO}|${BSD}) \\S+ (.*)$`)],
  ["a container's name before each line", /^()(?:\[[^\]\s]+\]|[\w.-]+\s*\|)[ \t]*(.*)$/],
  ["a pod's name before each line", /^()[\w.-]+ [\w.-]+ ((?:\{|[\da-f]+[.:]).*)$/],
];

/** What stands before lines in text: syslog, container runtimes, `kubectl logs`, Docker Compose. */
export const TEXT_ENVELOPES: readonly Envelope[] = PREFIXES.map(([name, pattern]) => ({
  name,
  open(line) {
    const match = pattern.exec(line);
    if (match === null) return undefined;
    return [{ text: match.at(-1)!, isPartial: match.length === 4 && match[2] === "P", ...timesOf(match[1]!) }];
  },
}));

function timesOf(time: string): Pick<InnerLine, "timeMs" | "offsetMs" | "isPrompt"> {
  const bytes = encoder.encode(time);
  const timeMs = timeBytes(bytes, 0, bytes.length);
  const zone = /(?:Z|[+-]\d\d:?\d\d)$/.exec(time)?.[0];
  if (zone === undefined || time.length < 19) return { timeMs: Number.NaN, offsetMs: Number.NaN, isPrompt: false };
  const isUtc = zone === "Z" || /^[+-]00:?00$/.test(zone);
  // UTC is what runtimes write whatever their clock; another offset is the clock's.
  const minutes = isUtc ? Number.NaN : Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return { timeMs, offsetMs: (zone.startsWith("-") ? -1 : 1) * minutes * 60_000, isPrompt: true };
}

const encoder = new TextEncoder();
