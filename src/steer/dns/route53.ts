import { addressesOf, checkSteering, type SteeringTable } from "./steeringTable.js";

/** A change of Route 53, as `aws route53 change-resource-record-sets --change-batch file://…` takes it. */
export interface Route53Batch {
  readonly Comment: string;
  readonly Changes: readonly {
    readonly Action: "UPSERT";
    readonly ResourceRecordSet: Route53Record;
  }[];
}

export interface Route53Record {
  readonly Name: string;
  readonly Type: "A" | "AAAA";
  readonly SetIdentifier: string;
  readonly TTL: number;
  readonly ResourceRecords: readonly { readonly Value: string }[];
  readonly GeoLocation?: { readonly CountryCode: string; readonly SubdivisionCode?: string };
  readonly Region?: string;
}

/** Countries whose subdivisions geolocation records know (Route 53 API, GeoLocation.SubdivisionCode). */
const WITH_SUBDIVISIONS = ["US", "UA"];

/**
 * Geolocation records: a country (and states of the US) to its best server, everybody else to the fallback. `latency`
 * gives latency records instead, where every server names its `awsRegion`; a name may have one kind or the other.
 *
 * Throws what `checkSteering` throws, and `no-dns-address`.
 */
export function route53Batches(input: SteeringTable): {
  readonly geolocation: Route53Batch;
  readonly latency: Route53Batch | null;
} {
  const table = checkSteering(input);
  const records: Route53Record[] = [];
  const add = (id: string, server: string, where: Pick<Route53Record, "GeoLocation" | "Region">): void => {
    for (const [family, type] of [
      [4, "A"],
      [6, "AAAA"],
    ] as const) {
      const values = addressesOf(table, server, family).map((Value) => ({ Value }));
      if (values.length === 0) continue;
      records.push({
        Name: table.hostname,
        Type: type,
        SetIdentifier: id,
        ...where,
        TTL: table.ttlSeconds,
        ResourceRecords: values,
      });
    }
  };
  add("default", table.fallback[0]!, { GeoLocation: { CountryCode: "*" } });
  for (const { country, servers } of table.countries)
    add(country, servers[0]!, { GeoLocation: { CountryCode: country } });
  for (const { country, subdivision, servers } of table.subdivisions)
    if (WITH_SUBDIVISIONS.includes(country))
      add(`${country}-${subdivision}`, servers[0]!, {
        GeoLocation: { CountryCode: country, SubdivisionCode: subdivision },
      });
  const geolocation = batchOf(records.splice(0), "clients by country to the server that is best for them");
  const hasRegions = table.servers.every(({ awsRegion }) => awsRegion !== undefined);
  if (!hasRegions) return { geolocation, latency: null };
  for (const { name, awsRegion } of table.servers) add(name, name, { Region: awsRegion! });
  return { geolocation, latency: batchOf(records, "clients by latency to the servers' regions") };
}

function batchOf(records: readonly Route53Record[], comment: string): Route53Batch {
  return {
    Comment: comment,
    Changes: records.map((record) => ({ Action: "UPSERT", ResourceRecordSet: record })),
  };
}
