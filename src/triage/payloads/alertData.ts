import { isoTime } from "../../core/time.js";
import type { Alert, DigestEntry } from "../alert.js";
import { inertActions } from "./inertActions.js";
import type { PayloadObject } from "./payloadOptions.js";
import { inertText } from "./text/inertText.js";
import { safeUrl } from "./text/safeUrl.js";
import { shortKey } from "./text/shortKey.js";

const LONGEST = 2_000;
const MOST_NAMES = 100;

/** An alert as plain JSON for programs of others: the fields of `geopivot.alerts/1`, its texts harmless, its lists bounded. */
export function alertData(alert: Alert): PayloadObject {
  const { key, status, severity, kind, subtype, clients, startMs, endMs, detectedAtMs, measure, loss } = alert;
  return {
    key: shortKey(key, 512),
    status,
    severity,
    kind,
    subtype: text(subtype),
    title: text(alert.title),
    region: regionData(alert),
    dimensions: recordData(alert.dimensions),
    start: isoTime(startMs),
    end: endMs === null ? null : isoTime(endMs),
    detectedAt: isoTime(detectedAtMs),
    measure: text(measure),
    observed: numberData(alert.observed),
    expected: numberData(alert.expected),
    confidence: numberData(alert.confidence),
    loss: { amount: numberData(loss.amount), unit: text(loss.unit), share: numberData(loss.share) },
    cause: textOrNull(alert.cause),
    causes: alert.causes.slice(0, 10).map(({ slice, except, share }) => ({
      slice: recordData(slice),
      ...(except && { except: exceptData(except) }),
      share: numberData(share),
    })),
    clients: numberData(clients),
    ...toldData(alert),
    ...(alert.digest === undefined ? {} : { digest: alert.digest.slice(0, MOST_NAMES).map(digestData) }),
  };
}

/** An entry of the digest, as plain JSON. */
function digestData({ title, count, severity, findings }: DigestEntry): PayloadObject {
  return { title: text(title), count, severity, findings: list(findings) };
}

/** What is said of it: to whom, and what to do. */
function toldData(alert: Alert): PayloadObject {
  return {
    change: alert.change,
    tiers: list(alert.tiers),
    findings: list(alert.findings),
    receivers: list(alert.receivers),
    runbook: safeUrl(alert.runbook),
    steps: list(alert.steps),
    actions: inertActions(alert.actions),
    alongside: list(alert.alongside),
    secondOpinion: textOrNull(alert.secondOpinion),
    resolution: textOrNull(alert.resolution),
    why: list(alert.why),
  };
}

function regionData({ region }: Alert): PayloadObject {
  const { name, countries, subdivisions, cities, cells, centroid } = region;
  return {
    name: text(name),
    countries: list(countries),
    subdivisions: list(subdivisions),
    cities: list(cities),
    cells: list(cells),
    centroid: centroid && Number.isFinite(centroid.lat + centroid.lon) ? centroid : null,
  };
}

const text = (value: string): string => inertText(value, LONGEST);

const textOrNull = (value: string | null): string | null => (value === null ? null : text(value));

const list = (values: readonly string[]): string[] => values.slice(0, MOST_NAMES).map((value) => inertText(value, 500));

const numberData = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);

const exceptData = (except: Readonly<Record<string, readonly string[]>>): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(except)
      .slice(0, 30)
      .map(([name, values]) => [inertText(name, 100), list(values)]),
  );

const recordData = (record: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record)
      .slice(0, 30)
      .map(([name, value]) => [inertText(name, 100), inertText(value, 500)]),
  );
