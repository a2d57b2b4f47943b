import { FLAG_TAGS } from "../mmdb/fields.js";

/** What a column of a text database holds. `tag:x` is a flag, or any value, that gives the network the tag. */
export type TextColumn =
  | ("first" | "last" | "network" | "country" | "countryName" | "region" | "regionIso" | "city" | "lat" | "lon")
  | ("latLon" | "accuracyKm" | "timeZone" | "asn" | "organization" | "use" | "carrier" | "geoname" | "other")
  | `tag:${string}`;

/** Names of columns in a first line or of fields of JSON, as MaxMind, IPinfo, DB-IP, IP2Location and others write them. */
const NAMES: Readonly<Record<Exclude<TextColumn, `tag:${string}` | "other">, string>> = {
  network: "network cidr range prefix subnet ip_range ip_prefix ip_network ip ip_address cidr_block",
  first: "start_ip ip_start ip_range_start range_start start from ip_from first first_ip begin begin_ip start_address",
  last: "end_ip ip_end ip_range_end range_end end to ip_to last last_ip end_address",
  country: "country_code country_iso_code country country_code2 cc iso_code country_short countrycode",
  countryName: "country_name country_long",
  region: "region region_name state state1 stateprov state_prov subdivision_1_name subdivision province",
  regionIso: "region_code region_iso_code state_code stateprov_code subdivision_1_iso_code",
  city: "city city_name",
  lat: "latitude lat",
  lon: "longitude lng lon long",
  latLon: "loc location",
  accuracyKm: "accuracy_radius accuracy_radius_km radius accuracy_km",
  timeZone: "timezone time_zone timezone_name time_zone_name",
  asn: "asn as_number autonomous_system_number",
  organization:
    "as_name as_organization organization organization_name autonomous_system_organization isp isp_name as org",
  use: "as_type usage_type connection_type user_type net_speed user_usage_type company_type",
  carrier: "carrier carrier_name mobile_brand mcc mnc mobile_country_code",
  geoname: "geoname_id",
};

const BY_NAME: ReadonlyMap<string, TextColumn> = new Map([
  ...Object.entries(NAMES).flatMap(([column, names]) =>
    names.split(" ").map((n) => [n, column as TextColumn] as const),
  ),
  ...FLAG_TAGS.map(([flag, tag]) => [flag, `tag:${tag}`] as const),
]);

/** What each of the named columns holds; undefined where no name tells of addresses. */
export function namedColumns(names: readonly string[]): readonly TextColumn[] | undefined {
  const keys = names.map((name) =>
    name
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, "_"),
  );
  const columns = keys.map((key): TextColumn => BY_NAME.get(key) ?? "other");
  const hasRange = columns.includes("network") || (columns.includes("first") && columns.includes("last"));
  return hasRange ? columns.map((column, i) => refined(column, keys[i]!, keys)) : undefined;
}

/** What a column holds beside others: the same word is a name in one layout and a code in the next. */
function refined(column: TextColumn, key: string, keys: readonly string[]): TextColumn {
  const hasRange = keys.some((other) => /^(?:start|from|first|begin|ip_from|ip_start)/.test(other));
  if (column === "network" && key.startsWith("ip") && (hasRange || keys.includes("network"))) return "other";
  const code = keys.find((other) => /^country(?:_iso|_short)?_?code2?$|^country_short$|^cc$/.test(other));
  if (column === "country" && code !== undefined && key !== code) return "countryName";
  // IPinfo: `region` is the code where there is a `region_name`.
  if (key === "region" && keys.includes("region_name")) return "regionIso";
  return column;
}
