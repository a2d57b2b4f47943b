import { triageError } from "../errors.js";
import { EventReader } from "./eventReader.js";
import type { OutageEvent, OutageEvents } from "./outageEvent.js";
import { readIodaEvent } from "./readIodaEvent.js";
import { readRadarAnnotation, readRadarAnomaly } from "./readRadarEvent.js";

/**
 * Reads outages that others saw: the answers of IODA's `outages/events` and of Cloudflare Radar's `annotations/outages`
 * and `traffic_anomalies`, whole, or only their lists, or single events; several in a list, or one a line.
 *
 * @throws `bad-events`, which names the place in the document and what should be there
 * @example
 * ```ts
 * const { events } = parseOutageEvents(await readFile("ioda.json", "utf8"));
 * ```
 */
export function parseOutageEvents(text: string): OutageEvents {
  const found: Found = { events: [], spans: [], skipped: 0 };
  for (const document of documentsIn(text)) readAny(document, found);
  const events = found.events.sort((a, b) => a.startMs - b.startMs);
  return { events, coverage: spanOf(found.spans), skipped: found.skipped };
}

interface Found {
  readonly events: OutageEvent[];
  readonly spans: (readonly [fromMs: number, toMs: number] | null)[];
  skipped: number;
}

function documentsIn(text: string): EventReader[] {
  const whole = parsed(text);
  if (whole !== undefined) return [new EventReader(whole, "the document")];
  const lines = text.split("\n").flatMap((line, i) => (line.trim() === "" ? [] : [[line, i + 1] as const]));
  return lines.map(([line, number]) => {
    const value = parsed(line);
    if (value === undefined)
      throw triageError("bad-events", { path: `line ${number}`, expected: "JSON", found: line.trim().slice(0, 40) });
    return new EventReader(value, `line ${number}`);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Finds the lists of events in whatever they are wrapped in. */
function readAny(document: EventReader, found: Found): void {
  if (!document.isObject) for (const item of document.list()) readAny(item, found);
  else if (document.has("annotations")) readList(document.at("annotations"), readRadarAnnotation, found, null);
  else if (document.has("trafficAnomalies")) readList(document.at("trafficAnomalies"), readRadarAnomaly, found, null);
  else if (document.has("result") || document.has("success")) readAny(document.at("result"), found);
  else if (document.has("type") && /^[a-z]+\.[a-z]+$/.test(document.at("type").text())) readIoda(document, found);
  else readOne(document, readerOf(document), found);
}

function readIoda(document: EventReader, found: Found): void {
  if (document.at("type").text() !== "outages.events") document.at("type").fail("outages.events");
  if (document.has("error")) document.at("error").fail("null");
  readList(document.at("data"), readIodaEvent, found, iodaSpan(document));
}

/** What was asked for. */
function iodaSpan(document: EventReader): readonly [number, number] | null {
  if (!document.has("requestParameters")) return null;
  const asked = document.at("requestParameters");
  return asked.has("from") && asked.has("until") ? [asked.at("from").seconds(), asked.at("until").seconds()] : null;
}

type Reader = (event: EventReader) => OutageEvent | null;

function readerOf(event: EventReader): Reader {
  if (event.has("uuid") || event.has("visibleInDataSources")) return readRadarAnomaly;
  if (event.has("startDate")) return readRadarAnnotation;
  return event.has("location") || event.has("entity") ? readIodaEvent : event.fail("an event");
}

function readList(list: EventReader, read: Reader, found: Found, span: readonly [number, number] | null): void {
  found.spans.push(span);
  for (const event of list.list()) readOne(event, read, found);
}

function readOne(event: EventReader, read: Reader, found: Found): void {
  const outage = read(event);
  if (outage === null) found.skipped++;
  else found.events.push(outage);
}

/** The time that all lists together are about, if each of them says. */
function spanOf(spans: Found["spans"]): OutageEvents["coverage"] {
  const known = spans.filter((span) => span !== null);
  if (known.length === 0 || known.length < spans.length) return null;
  return { fromMs: Math.min(...known.map(([from]) => from)), toMs: Math.max(...known.map(([, to]) => to)) };
}
