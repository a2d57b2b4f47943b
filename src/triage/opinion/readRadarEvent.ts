import { visibleText } from "../payloads/text/inertText.js";
import type { EventReader } from "./eventReader.js";
import type { OutageEvent, OutageNetwork } from "./outageEvent.js";

/**
 * Reads an annotation of Cloudflare Radar (`outage { outageCause, outageType }, startDate, endDate, asns, locations`).
 * Null where it is about something else than an outage.
 */
export function readRadarAnnotation(event: EventReader): OutageEvent | null {
  if (event.has("eventType") && event.at("eventType").text() !== "OUTAGE") return null;
  const { cause, type } = outageOf(event);
  const regional = type === "REGIONAL" && event.has("scope");
  return {
    source: "Cloudflare Radar",
    countries: countriesIn(event.at("locations").listOrNone()),
    regions: regional ? namesIn(event.at("scope").text()) : [],
    // Outages of whole places list the networks that show it.
    networks: type === "NETWORK" ? networksOf(event) : [],
    startMs: event.at("startDate").time(),
    endMs: event.has("endDate") ? event.at("endDate").time() : null,
    detail: cause,
  };
}

/** Reads a traffic anomaly of Cloudflare Radar (`uuid, type, status, startDate, endDate, asnDetails, locationDetails`). */
export function readRadarAnomaly(event: EventReader): OutageEvent | null {
  const asn = event.has("asnDetails") ? event.at("asnDetails") : null;
  const location = event.has("locationDetails") ? event.at("locationDetails") : locationOf(asn);
  const countries = location === null ? [] : countriesIn([location.at("code")]);
  if (asn === null && countries.length === 0) return null;
  return {
    source: "Cloudflare Radar",
    countries,
    regions: [],
    networks: asn === null ? [] : [networkOf(asn)],
    startMs: event.at("startDate").time(),
    endMs: event.has("endDate") ? event.at("endDate").time() : null,
    detail: event.at("status").text() === "VERIFIED" ? "verified" : "unverified",
  };
}

function outageOf(event: EventReader): { cause: string; type: string } {
  if (!event.has("outage")) return { cause: "", type: "" };
  const outage = event.at("outage");
  const textOf = (name: string): string => (outage.has(name) ? outage.at(name).text() : "");
  const cause = textOf("outageCause");
  return {
    cause: /^[A-Z][A-Z_]{1,40}$/.test(cause) && cause !== "UNKNOWN" ? cause.toLowerCase().replaceAll("_", " ") : "",
    type: textOf("outageType"),
  };
}

function networksOf(event: EventReader): OutageNetwork[] {
  const details = event.at("asnsDetails").listOrNone().map(networkOf);
  const known = new Set(details.map(({ asn }) => asn));
  const others = event
    .at("asns")
    .listOrNone()
    .map((asn) => asn.number());
  return [...details, ...others.filter((asn) => !known.has(asn)).map((asn) => ({ asn, name: "" }))];
}

function networkOf(details: EventReader): OutageNetwork {
  const name = details.has("name") ? visibleText(details.at("name").text().slice(0, 200)) : "";
  return { asn: details.at("asn").number(), name };
}

/** Where a network is; its name in the answer changed from `locations` to `location`. */
function locationOf(asn: EventReader | null): EventReader | null {
  if (asn?.has("location")) return asn.at("location");
  return asn?.has("locations") ? asn.at("locations") : null;
}

const countriesIn = (codes: readonly EventReader[]): string[] =>
  codes.map((code) => code.text()).filter((code) => /^[A-Z]{2}$/.test(code));

/** "Zulia, Falcón" are two. */
const namesIn = (scope: string): string[] =>
  scope
    .slice(0, 1_000)
    .split(/[,;]/)
    .map(visibleText)
    .filter((name) => name !== "");
