import { DAY_MS, isoTime, MINUTE_MS } from "../../core/time.js";
import type { Cause, FindingKind, FindingRegion } from "../../detect/finding.js";
import { foldName } from "../../grid/foldName.js";
import { CARRIES } from "../judge/causeValues.js";
import type { SecondOpinion } from "../judge/judgeFinding.js";
import type { OutageEvent, OutageEvents } from "./outageEvent.js";

/** What is asked about: a finding, or an alert. */
export interface Incident {
  readonly kind: FindingKind;
  readonly region: FindingRegion;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly startMs: number;
  readonly endMs: number | null;
  /** Of a finding … */
  readonly cause?: readonly Cause[] | string | null;
  /** … and of an alert. */
  readonly causes?: readonly Cause[];
}

/** Others look at other moments: so far apart in time is still the same. */
const SLACK_MS = 30 * MINUTE_MS;
/** What began so much earlier or later is something else, though it lasts. */
const MOST_APART_MS = DAY_MS;
/** Others must have seen it in this much of the countries, or of the regions. */
const COVERS = 0.5;
/** Names that slices have for the network. */
const NETWORKS: ReadonlySet<string> = new Set(["asn", "network", "provider", "isp"]);

/**
 * Asks of findings or alerts whether others saw them: events at the same time, in at least half of the countries or
 * regions concerned, and those of one network only where the incident is of that network.
 *
 * Null where others cannot know: of suspicious traffic, and of times that the events are not about. "only us" of the rest
 * says that the trouble is likely one's own.
 *
 * @example
 * ```ts
 * const ask = secondOpinion(parseOutageEvents(text));
 * triage(findings, policy, null, { secondOpinion: ask }).alerts[0]?.secondOpinion; // "also seen by IODA (routing)"
 * ```
 */
export function secondOpinion({ events, coverage }: OutageEvents): (incident: Incident) => SecondOpinion | null {
  return (incident) => {
    if (incident.kind === "suspicious-traffic") return null;
    if (coverage !== null && !overlaps(incident, coverage.fromMs, coverage.toMs)) return null;
    const place = placeOf(incident);
    const seen = events.filter((event) => isAtTheTime(event, incident) && isThere(event, place));
    const isSeen = seen.some(({ networks }) => networks.length > 0) || coversEnough(seen, place);
    return { seen: isSeen, text: isSeen ? textOf(seen) : "only us" };
  };
}

/** Where an incident is, in folded names. */
interface Place {
  readonly countries: ReadonlySet<string>;
  /** Empty where whole countries are concerned. */
  readonly regions: ReadonlySet<string>;
  /** Numbers and folded names of the networks that it is confined to, or that carry it. */
  readonly networks: ReadonlySet<string>;
}

function placeOf({ region, dimensions, cause, causes }: Incident): Place {
  const carried = (Array.isArray(cause) ? (cause as readonly Cause[]) : (causes ?? [])).filter(
    ({ share }) => share >= CARRIES,
  );
  const slices = [dimensions, ...carried.map(({ slice }) => slice)];
  const networks = slices.flatMap((slice) => Object.entries(slice).filter(([name]) => NETWORKS.has(name)));
  return {
    countries: new Set(region.countries),
    regions: new Set(region.subdivisions.map((name) => foldName(name.split(",")[0]!))),
    networks: new Set(networks.flatMap(([, value]) => networkNames(value))),
  };
}

/** "AS3320 Deutsche Telekom" is known by number and name; "3320" by number. */
function networkNames(value: string): string[] {
  const [, asn, name = ""] = /^(?:AS)?(\d+)?\s*(.*)$/i.exec(value) ?? [];
  return [...(asn === undefined ? [] : [asn]), ...(name === "" ? [] : [foldName(name)])];
}

function isAtTheTime(event: OutageEvent, incident: Incident): boolean {
  const { startMs, endMs } = event;
  if (Math.abs(startMs - incident.startMs) > MOST_APART_MS) return false;
  return overlaps(incident, startMs, endMs ?? Number.POSITIVE_INFINITY);
}

function overlaps({ startMs, endMs }: Incident, fromMs: number, toMs: number): boolean {
  return startMs - SLACK_MS <= toMs && (endMs ?? Number.POSITIVE_INFINITY) + SLACK_MS >= fromMs;
}

function isThere({ countries, regions, networks }: OutageEvent, place: Place): boolean {
  const isSameNetwork = networks.some(
    ({ asn, name }) => place.networks.has(String(asn)) || (name !== "" && place.networks.has(foldName(name))),
  );
  if (networks.length > 0 && !isSameNetwork) return false;
  if (countries.length > 0 && !countries.some((country) => place.countries.has(country))) return false;
  if (regions.length === 0) return countries.length > 0 || networks.length > 0;
  // A region of a country that is out as a whole bears it out, if it is known to be of that country.
  if (place.regions.size === 0) return countries.length > 0 || networks.length > 0;
  return regions.some((name) => place.regions.has(foldName(name)));
}

function coversEnough(seen: readonly OutageEvent[], place: Place): boolean {
  const share = (all: ReadonlySet<string>, covered: readonly string[]): number =>
    all.size === 0 ? 0 : covered.filter((name, i) => all.has(name) && covered.indexOf(name) === i).length / all.size;
  const countries = seen.flatMap((event) => event.countries);
  const regions = seen.flatMap((event) => event.regions.map(foldName));
  const whole = seen.some((event) => event.regions.length === 0 && event.countries.length > 0);
  const byCountry = place.regions.size === 0 || whole ? share(place.countries, countries) : 0;
  return Math.max(byCountry, share(place.regions, regions)) >= COVERS;
}

/** "also seen by IODA (active probing, routing; since 2026-03-02 12:05Z) and Cloudflare Radar (power outage; …)". */
function textOf(seen: readonly OutageEvent[]): string {
  const sources = [...new Set(seen.map(({ source }) => source))].sort();
  const texts = sources.map((source) => {
    const events = seen.filter((event) => event.source === source);
    const details = [...new Set(events.map(({ detail }) => detail))].filter((detail) => detail !== "").sort();
    const since = isoTime(Math.min(...events.map(({ startMs }) => startMs)));
    const sinceText = `since ${since.slice(0, 16).replace("T", " ")}Z`;
    return `${source} (${[details.join(", "), sinceText].filter((text) => text !== "").join("; ")})`;
  });
  return `also seen by ${texts.join(" and ")}`;
}
