/** What geopivot reads of a record, whatever its layout. */
export const FIELD = {
  country: 0,
  regionName: 1,
  regionIso: 2,
  city: 3,
  timeZone: 4,
  latLon: 5,
  lat: 6,
  lon: 7,
  accuracyKm: 8,
  asn: 9,
  organization: 10,
  connection: 11,
  userType: 12,
  /** The first flag; see {@link FLAG_TAGS}. */
  flags: 13,
} as const;

/**
 * Where fields lie in a record. Of several places for one field the first in this list that is there wins.
 * `*` is any other key, `0` the first entry of an array.
 *
 * Layouts: MaxMind's GeoIP2 and GeoLite2 nest, and so do DB-IP's own files; IPinfo's and ip-location-db's editions
 * of DB-IP are flat.
 */
export const FIELD_PATHS: readonly (readonly [Exclude<keyof typeof FIELD, "flags">, readonly string[]])[] = [
  ["country", ["country.iso_code", "country_code", "country"]],
  ["regionName", ["subdivisions.0.names.en", "subdivisions.0.names.*", "state1", "region", "region_name", "stateprov"]],
  ["regionIso", ["subdivisions.0.iso_code", "region_code"]],
  ["city", ["city.names.en", "city.names.*", "city", "city_name"]],
  ["timeZone", ["location.time_zone", "timezone", "time_zone"]],
  ["latLon", ["loc"]],
  ["lat", ["location.latitude", "latitude", "lat"]],
  ["lon", ["location.longitude", "longitude", "lng", "lon"]],
  ["accuracyKm", ["location.accuracy_radius", "accuracy_radius", "radius"]],
  ["asn", ["autonomous_system_number", "traits.autonomous_system_number", "asn", "as_number"]],
  [
    "organization",
    [
      ...["autonomous_system_organization", "traits.autonomous_system_organization", "as_organization", "as_name"],
      ...["organization", "traits.organization", "isp", "traits.isp", "name"],
    ],
  ],
  ["connection", ["connection_type", "traits.connection_type"]],
  ["userType", ["traits.user_type", "user_type"]],
];

/** Flags of a record (true, 1, "true" or "1") or of its `traits`, and the tag that each gives its network. */
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
export const USE_TAGS: ReadonlyMap<string, string> = new Map([
  ["Cellular", "carrier"],
  ["Satellite", "satellite"],
  ["Corporate", "corporate"],
  ["Cable/DSL", "broadband"],
  ["Dialup", "dialup"],
  ["hosting", "hosting"],
  ["cellular", "carrier"],
  ["residential", "residential"],
  ["business", "corporate"],
  ["college", "education"],
  ["school", "education"],
  ["library", "education"],
  ["government", "government"],
  ["military", "government"],
  ["content_delivery_network", "cdn"],
  ["search_engine_spider", "bot"],
]);
