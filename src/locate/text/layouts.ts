import type { TextColumn } from "./columnNames.js";

/** A layout without names: of each column what its cells must be, and what it holds. */
export interface Layout {
  readonly kinds: readonly string[];
  readonly columns: readonly TextColumn[];
}

const HOLDS: Readonly<Record<string, TextColumn>> = {
  isp: "organization",
  zone: "timeZone",
  mcc: "carrier",
  mnc: "carrier",
  brand: "carrier",
  regionOrName: "regionIso",
  cityName: "city",
  netSpeed: "use",
};
const SAME: ReadonlySet<string> = new Set(
  "first last network country countryName region city lat lon asn organization use".split(" "),
);

/** IP2Location's editions by what comes after code and name of the country. */
const IP2LOCATION = [
  "",
  "isp",
  "region city",
  "region city isp",
  "region city lat lon",
  "region city lat lon isp",
  "region city isp domain",
  "region city lat lon isp domain",
  "region city lat lon postcode",
  "region city lat lon postcode isp domain",
  "region city lat lon postcode offset",
  "region city lat lon postcode offset isp domain",
  "region city lat lon offset netSpeed",
  "region city lat lon postcode offset isp domain netSpeed",
  "region city lat lon postcode offset any any",
  "region city lat lon postcode offset isp domain netSpeed any any",
  "region city lat lon offset netSpeed any any",
  "region city lat lon postcode offset isp domain netSpeed any any any any",
  "region city lat lon isp domain mcc mnc brand",
  "region city lat lon postcode offset isp domain netSpeed any any any any mcc mnc brand",
  "region city lat lon postcode offset any any number",
  "region city lat lon postcode offset isp domain netSpeed any any any any mcc mnc brand number",
  "region city lat lon isp domain mcc mnc brand use",
  "region city lat lon postcode offset isp domain netSpeed any any any any mcc mnc brand number use",
  "region city lat lon postcode offset isp domain netSpeed any any any any mcc mnc brand number use any any",
  "region city lat lon postcode offset isp domain netSpeed any any any any mcc mnc brand number use any any any asn isp",
].map((rest) => `first last country countryName ${rest}`.trim());

/** All known layouts without names. */
export const LAYOUTS: readonly Layout[] = [
  ...IP2LOCATION,
  // IP2Location's ASN file.
  "first last cidr asn organization",
  // ip-location-db, DB-IP's Lite files and iptoasn: countries, systems, both.
  "first last country",
  "first last asn",
  "first last asn organization",
  "first last asn country organization",
  "first last country asn organization",
  // ip-location-db's cities: two levels of subdivision, postcode, coordinates, time zone.
  "first last country region any city any lat lon zone",
  // DB-IP: City Lite, and the commercial editions with what may follow.
  "first last continent country region city lat lon",
  "first last continent country region any city any lat lon",
  "first last continent country region any city any lat lon any any zone any",
  "first last continent country region any city any lat lon any any zone any isp asn any organization",
  // Webnet77: registry and day of the allocation.
  "first last any number country any countryName",
  // What says no more than a country and a point.
  "first last country lat lon",
  "network country",
  "network asn",
  "network asn organization",
  "network country lat lon",
].map(layoutOf);

/** RFC 8805: prefix, country, region, city and a postcode that nobody is to fill in; empty fields at the end may be left out. */
export const GEOFEED = layoutOf("network country regionOrName cityName any");

function layoutOf(text: string): Layout {
  const kinds = text.split(" ");
  return { kinds, columns: kinds.map((kind) => HOLDS[kind] ?? (SAME.has(kind) ? (kind as TextColumn) : "other")) };
}
