import { type FieldMapping, meaning, ROLE, type Role } from "./role.js";

/**
 * Names under which logs are located already: OpenTelemetry's attributes, what its collector's geoip processor writes, and
 * ECS, which nests both under who it is about. The first of a list is believed.
 */
const GEO: readonly (readonly [Role, string])[] = [
  [
    ROLE.country,
    "geo.country.iso_code geo.country_iso_code geo.country_code geo.country geo.country_name geo.country.name",
  ],
  [ROLE.region, "geo.region_name geo.region.name geo.region"],
  [ROLE.regionCode, "geo.region.iso_code geo.region_iso_code"],
  [ROLE.city, "geo.locality.name geo.city_name geo.city.name geo.city"],
  [ROLE.lat, "geo.location.lat geo.latitude geo.lat"],
  [ROLE.lon, "geo.location.lon geo.longitude geo.lon"],
  [ROLE.latLon, "geo.location geo.coordinates"],
  [ROLE.timeZone, "geo.timezone geo.time_zone"],
  [ROLE.asn, "as.number as.asn"],
  [ROLE.organization, "as.organization.name as.organization_name as.organization"],
];

/** Whom ECS nests them under; who acts before whom it looks like on the wire. */
const OWNERS = ["client.", "", "source."];

/** Texts by which a log without addresses tells its clients apart. */
const CLIENTS = ["client_id", "clientId", "client.id", "client.hash", "visitor", "visitor_id", "user.hash"];

/** All names, with what they mean. */
export function locatedFields(): [string, FieldMapping][] {
  const fields: [string, FieldMapping][] = [];
  for (const [role, names] of GEO)
    for (const [rank, name] of names.split(" ").entries())
      for (const [o, owner] of OWNERS.entries()) fields.push([owner + name, meaning(role, { rank: 10 * rank + o })]);
  CLIENTS.forEach((name, rank) => {
    fields.push([name, meaning(ROLE.client, { rank })]);
  });
  return fields;
}

/** Whether the head of a log has fields by which it may be located already, or they are mapped. */
export function mayBeLocated(head: string, map: Readonly<Record<string, string>> = {}): boolean {
  return LOCATED.test(head) || Object.keys(map).some((name) => MAPPED.has(name));
}

const LOCATED =
  /(?:^|[".,;\t\s{])(?:geo|as)(?:\.\w|"\s*:)|Client(?:IP)?(?:Country|ASN)|\bc-country\b|client_?id|visitor|user\.hash/im;
const MAPPED: ReadonlySet<string> = new Set(
  "country region region_code city lat lon location time_zone asn organization client client_id visitor".split(" "),
);
