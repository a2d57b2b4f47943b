import { catalogueRows, readCatalogue } from "../../grid/regions/catalogue.js";
import { checkCatalogue } from "../../grid/regions/checkCatalogue.js";
import type { CountryIndex } from "../../grid/regions/countryIndex.js";
import { dnsError } from "./errors.js";
import type { DnsServer } from "./steeringTable.js";

/** A server of a catalogue with all that planning and steering ask of it. */
export interface ServerRecord extends DnsServer {
  readonly lat: number;
  readonly lon: number;
  /** Requests a second; absent where the catalogue names no limit. */
  readonly capacityRps?: number;
  /** For sites that could be opened: mean milliseconds a request that they must save. */
  readonly openingMs?: number;
}

/**
 * Reads a catalogue of servers: JSON or CSV with `name` (or `id`, `code`, `pop`), `lat`, `lon` and, where wanted,
 * `country`, `capacity` (requests a second), `addresses` (a list, or text with blanks or commas between), `awsRegion`,
 * `openingMs`.
 *
 * Throws `bad-catalogue` where it cannot be read, and `bad-servers-file` with all that is wrong: names that occur twice,
 * coordinates outside the country that is claimed (swapped or with a wrong sign), amounts that are none.
 */
export function serverRecords(text: string, countries?: CountryIndex): ServerRecord[] {
  const entries = readCatalogue(text);
  const problems = checkCatalogue(entries, countries === undefined ? {} : { countries }).map(({ message }) => message);
  const seen = new Set<string>();
  const rows = catalogueRows(text);
  const records = entries.map(({ id, lat, lon }, at): ServerRecord => {
    if (seen.has(id)) problems.push(`the name ${JSON.stringify(id)} occurs twice`);
    seen.add(id);
    const { fields } = rows[at]!;
    const amount = (name: string): number | undefined => {
      const value = fields.get(name);
      if (value === undefined || value === null || value === "") return undefined;
      const number = Number(value);
      if (!(number >= 0)) problems.push(`${id}: ${name} ${JSON.stringify(value)} is no number of 0 or more`);
      return number;
    };
    const capacityRps = amount("capacityrps") ?? amount("capacity");
    const openingMs = amount("openingms");
    const awsRegion = fields.get("awsregion");
    return {
      name: id,
      lat,
      lon,
      addresses: addressesOf(fields),
      ...(capacityRps === undefined ? {} : { capacityRps }),
      ...(openingMs === undefined ? {} : { openingMs }),
      ...(typeof awsRegion === "string" && awsRegion !== "" ? { awsRegion } : {}),
    };
  });
  if (records.length === 0) problems.push("it names none");
  if (problems.length > 0) throw dnsError("bad-servers-file", { problems });
  return records;
}

function addressesOf(fields: ReadonlyMap<string, unknown>): string[] {
  const told = fields.get("addresses") ?? fields.get("address") ?? fields.get("ip") ?? [];
  if (Array.isArray(told)) return told.map(String);
  return String(told)
    .split(/[\s,;]+/)
    .filter((address) => address !== "");
}
