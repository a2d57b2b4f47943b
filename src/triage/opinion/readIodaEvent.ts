import { visibleText } from "../payloads/text/inertText.js";
import type { EventReader } from "./eventReader.js";
import type { OutageEvent } from "./outageEvent.js";

/** IODA's names of its sources of data, in words. */
const SOURCES: Readonly<Record<string, string>> = {
  bgp: "routing",
  "ping-slash24": "active probing",
  "merit-nt": "network telescope",
  "ucsd-nt": "network telescope",
  gtr: "traffic of Google",
  "gtr-norm": "traffic of Google",
};

/**
 * Reads an event of IODA's `outages/events`: `{ location: "country/TO", start, duration, datasource … }` in seconds, or
 * `{ entity: { type, code, name }, from, until, datasource … }`. Null where the place is of a kind that is not known.
 */
export function readIodaEvent(event: EventReader): OutageEvent | null {
  const place = placeOf(event);
  if (place === null) return null;
  const startMs = (event.has("start") ? event.at("start") : event.at("from")).seconds();
  const datasource = event.has("datasource") ? event.at("datasource").text() : "";
  return { source: "IODA", ...place, startMs, endMs: endOf(event, startMs), detail: SOURCES[datasource] ?? "" };
}

/** An event that goes on is listed with its duration so far. */
function endOf(event: EventReader, startMs: number): number | null {
  if (event.at("overlaps_window").isTrue) return null;
  if (event.has("duration")) return startMs + Math.max(0, event.at("duration").seconds());
  return event.has("until") ? Math.max(startMs, event.at("until").seconds()) : null;
}

function placeOf(event: EventReader): Pick<OutageEvent, "countries" | "regions" | "networks"> | null {
  const entity = event.has("entity") ? event.at("entity") : null;
  const [type = "", code = ""] = entity
    ? [entity.at("type").text(), entity.at("code").text()]
    : event.at("location").text().split("/");
  const named = entity ? entity.at("name") : event.at("location_name");
  const name = named.present ? visibleText(named.text().slice(0, 200)) : "";
  switch (type) {
    case "country":
      return isCountry(code) ? { countries: [code], regions: [], networks: [] } : null;
    case "region":
      return name === "" ? null : { countries: countryOf(entity), regions: [name], networks: [] };
    case "asn":
      return /^\d+$/.test(code) ? { countries: [], regions: [], networks: [{ asn: Number(code), name }] } : null;
    case "geoasn":
      return geoNetwork(code, name);
    default:
      return null;
  }
}

/** `3269-1906` is a network in a region, `23456-US` one in a country; the name is "network -- place". */
function geoNetwork(code: string, name: string): Pick<OutageEvent, "countries" | "regions" | "networks"> | null {
  const [, asn, place = ""] = /^(\d+)-(\w+)$/.exec(code) ?? [];
  if (asn === undefined) return null;
  const [network = "", region = ""] = name.split(/\s*--\s*/);
  const networks = [{ asn: Number(asn), name: network }];
  if (isCountry(place)) return { countries: [place], regions: [], networks };
  return { countries: [], regions: region === "" ? [] : [region], networks };
}

/** The country of a region, where IODA says it. */
function countryOf(entity: EventReader | null): string[] {
  const code =
    entity?.has("attrs") && entity.at("attrs").has("country_code") ? entity.at("attrs").at("country_code") : null;
  return code !== null && isCountry(code.text()) ? [code.text()] : [];
}

const isCountry = (code: string): boolean => /^[A-Z]{2}$/.test(code);
