/** What geopivot reads of a record, whatever its layout. Strings first, then numbers, then flags. */
export const TEXT_FIELDS = [
  "country",
  "regionName",
  "regionIso",
  "city",
  "timeZone",
  "latLon",
  "organization",
  "connection",
  "userType",
] as const;
export const NUMBER_FIELDS = ["lat", "lon", "accuracyKm", "asn"] as const;

export type TextField = (typeof TEXT_FIELDS)[number];
export type NumberField = (typeof NUMBER_FIELDS)[number];

/**
 * Where fields lie in a record. Of several places for one field the one that comes first in this list wins.
 * `*` is any key (the first one), `0` the first entry of an array.
 *
 * Layouts: MaxMind GeoIP2 and GeoLite2 nest; ip-location-db's editions of DB-IP and IPinfo's files are flat,
 * DB-IP's own files nest like MaxMind's.
 */
export const FIELD_PATHS: readonly (readonly [TextField | NumberField, string])[] = [
  ["country", "country.iso_code"],
  ["country", "country_code"],
  ["country", "country"],
  ["regionName", "subdivisions.0.names.en"],
  ["regionName", "subdivisions.0.names.*"],
  ["regionName", "state1"],
  ["regionName", "region"],
  ["regionName", "region_name"],
  ["regionName", "stateprov"],
  ["regionIso", "subdivisions.0.iso_code"],
  ["regionIso", "region_code"],
  ["city", "city.names.en"],
  ["city", "city.names.*"],
  ["city", "city"],
  ["city", "city_name"],
  ["timeZone", "location.time_zone"],
  ["timeZone", "timezone"],
  ["timeZone", "time_zone"],
  ["latLon", "loc"],
  ["lat", "location.latitude"],
  ["lat", "latitude"],
  ["lat", "lat"],
  ["lon", "location.longitude"],
  ["lon", "longitude"],
  ["lon", "lng"],
  ["lon", "lon"],
  ["accuracyKm", "location.accuracy_radius"],
  ["accuracyKm", "accuracy_radius"],
  ["accuracyKm", "radius"],
  ["asn", "autonomous_system_number"],
  ["asn", "traits.autonomous_system_number"],
  ["asn", "asn"],
  ["asn", "as_number"],
  ["organization", "autonomous_system_organization"],
  ["organization", "traits.autonomous_system_organization"],
  ["organization", "as_organization"],
  ["organization", "as_name"],
  ["organization", "organization"],
  ["organization", "traits.organization"],
  ["organization", "isp"],
  ["organization", "traits.isp"],
  ["organization", "name"],
  ["connection", "connection_type"],
  ["connection", "traits.connection_type"],
  ["userType", "traits.user_type"],
];

/** Flags of a record (true, "true" or 1) and the tag that each gives its network. */
export const FLAG_TAGS: readonly (readonly [string, string])[] = [
  ["is_anonymous", "anonymous"],
  ["is_anonymous_vpn", "vpn"],
  ["is_hosting_provider", "hosting"],
  ["is_public_proxy", "proxy"],
  ["is_anonymous_proxy", "proxy"],
  ["is_residential_proxy", "residential-proxy"],
  ["is_tor_exit_node", "tor"],
  ["is_satellite_provider", "satellite"],
  ["is_anycast", "anycast"],
  ["is_satellite", "satellite"],
  ["is_mobile", "carrier"],
  ["is_hosting", "hosting"],
  ["vpn", "vpn"],
  ["proxy", "proxy"],
  ["tor", "tor"],
  ["relay", "relay"],
  ["hosting", "hosting"],
];

/** Values of `connection_type` and `user_type` that say what a network is used for. */
export const USE_TAGS: Readonly<Record<string, string>> = {
  Cellular: "carrier",
  Satellite: "satellite",
  Corporate: "corporate",
  "Cable/DSL": "broadband",
  Dialup: "dialup",
  hosting: "hosting",
  cellular: "carrier",
  residential: "residential",
  business: "corporate",
  college: "education",
  school: "education",
  library: "education",
  government: "government",
  military: "government",
  content_delivery_network: "cdn",
  search_engine_spider: "bot",
};
