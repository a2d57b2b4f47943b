/** What a column of a CSV of ranges holds. */
export type CsvColumn =
  | ("first" | "last" | "network" | "country" | "region" | "regionIso" | "city" | "lat" | "lon" | "accuracyKm")
  | ("timeZone" | "asn" | "organization" | "other");

/** Names of columns, as MaxMind, IPinfo, DB-IP and others write them in a first line. */
const NAMES: ReadonlyMap<string, CsvColumn> = new Map([
  ["network", "network"],
  ["cidr", "network"],
  ["range", "network"],
  ["start_ip", "first"],
  ["ip_start", "first"],
  ["ip_range_start", "first"],
  ["start", "first"],
  ["from", "first"],
  ["end_ip", "last"],
  ["ip_end", "last"],
  ["ip_range_end", "last"],
  ["end", "last"],
  ["to", "last"],
  ["country_code", "country"],
  ["country_iso_code", "country"],
  ["country", "country"],
  ["region", "region"],
  ["state", "region"],
  ["state1", "region"],
  ["stateprov", "region"],
  ["subdivision_1_name", "region"],
  ["region_code", "regionIso"],
  ["subdivision_1_iso_code", "regionIso"],
  ["city", "city"],
  ["city_name", "city"],
  ["latitude", "lat"],
  ["lat", "lat"],
  ["longitude", "lon"],
  ["lng", "lon"],
  ["lon", "lon"],
  ["accuracy_radius", "accuracyKm"],
  ["radius", "accuracyKm"],
  ["timezone", "timeZone"],
  ["time_zone", "timeZone"],
  ["asn", "asn"],
  ["as_number", "asn"],
  ["autonomous_system_number", "asn"],
  ["as_name", "organization"],
  ["as_organization", "organization"],
  ["organization", "organization"],
  ["autonomous_system_organization", "organization"],
]);

/** Layouts without a first line of names, by their number of columns. */
const LAYOUTS: ReadonlyMap<number, readonly CsvColumn[]> = new Map<number, readonly CsvColumn[]>([
  [3, ["first", "last", "country"]],
  [4, ["first", "last", "asn", "organization"]],
  // DB-IP's own: continent, country, subdivision, city, coordinates.
  [8, ["first", "last", "other", "country", "region", "city", "lat", "lon"]],
  // ip-location-db's: country, two levels of subdivision, city, postcode, coordinates, time zone.
  [10, ["first", "last", "country", "region", "other", "city", "other", "lat", "lon", "timeZone"]],
]);

/** The columns of a CSV by the fields of its first line, and whether that line names them; undefined if it is of no known layout. */
export function csvColumns(
  fields: readonly string[],
): { columns: readonly CsvColumn[]; isHeader: boolean } | undefined {
  const named = fields.map((field): CsvColumn => NAMES.get(field.trim().toLowerCase()) ?? "other");
  const hasRange = named.includes("network") || (named.includes("first") && named.includes("last"));
  if (hasRange) {
    // Where the code has a column of its own, `country` is the country's name.
    const code = fields.findIndex((field) => /^country_(?:iso_)?code$/i.test(field.trim()));
    return { columns: named.map((c, i) => (c === "country" && code >= 0 && i !== code ? "other" : c)), isHeader: true };
  }
  const columns = LAYOUTS.get(fields.length);
  return columns && { columns, isHeader: false };
}
