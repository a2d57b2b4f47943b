import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ipv4Text, ipv6Text } from "../../src/core/addressColumn.js";
import { parseNetwork } from "../../src/locate/address/parseNetwork.js";
import { openLocator } from "../../src/locate/openLocator.js";
import { openRecords } from "../../src/locate/openRecords.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";

const folder = "mmdb/source";
const names = hasSharedData(folder) ? readdirSync(sharedData(folder)).map((file) => file.replace(".json", "")) : [];

/** What differs in the file itself from its source. */
const EXCEPTIONS: Record<string, readonly string[]> = {
  "GeoIP2-IP-Risk-Test": ["2001:480:1::/64", "2001:480:2::/64"],
};

interface Source {
  readonly country?: { readonly iso_code?: string };
  readonly city?: { readonly names?: { readonly en?: string } };
  readonly subdivisions?: readonly { readonly names?: { readonly en?: string }; readonly iso_code?: string }[];
  readonly location?: Readonly<Record<string, number | string>>;
  readonly autonomous_system_number?: number;
  readonly is_tor_exit_node?: boolean;
}

function networksOf(name: string): [string, Source][] {
  const list = JSON.parse(readFileSync(sharedData(`${folder}/${name}.json`), "utf8")) as Record<string, Source>[];
  return list.flatMap((one) => Object.entries(one));
}

test.skipIf(names.length === 0)("the sandbox source alone has no database", () => {
  const without = names.filter((name) => !existsSync(sharedData(`mmdb/${name}.mmdb`)));
  expect(without).toEqual(["GeoIP2-Precision-Enterprise-Sandbox-Test"]);
});

test.skipIf(names.length === 0).each(names.filter((name) => existsSync(sharedData(`mmdb/${name}.mmdb`))))(
  "%s answers what its source says, for every network's first and last address",
  async (name) => {
    const path = sharedData(`mmdb/${name}.mmdb`);
    const records = await openRecords(path);
    const locator = await openLocator({ databases: [path] });
    const differing: string[] = [];
    for (const [network, source] of networksOf(name)) {
      for (const ip of edges(network)) {
        const record = JSON.parse(JSON.stringify(records.get(ip)));
        if (JSON.stringify(sorted(record)) !== JSON.stringify(sorted(source))) differing.push(network);
        else expect(summary(locator, ip)).toEqual(expected(source));
      }
    }
    expect([...new Set(differing)]).toEqual(EXCEPTIONS[name] ?? []);
  },
);

/** A network's first and last address; the one written, where the source has bits set after the prefix. */
function edges(network: string): string[] {
  if (!isNetwork(network)) return [network.slice(0, network.indexOf("/"))];
  const { family, first, last } = parseNetwork(network);
  const text = (address: bigint): string => {
    const word = (shift: bigint): number => Number((address >> shift) & 0xffffffffn);
    return family === 4 ? ipv4Text(word(0n)) : ipv6Text(word(96n), word(64n), word(32n), word(0n));
  };
  return [text(first), text(last)];
}

function isNetwork(text: string): boolean {
  try {
    return parseNetwork(text) !== undefined;
  } catch {
    return false;
  }
}

/** What a locator says of an address, in the source's terms. */
function summary(locator: Awaited<ReturnType<typeof openLocator>>, ip: string): unknown {
  const { place, network } = locator.lookup(ip);
  return {
    country: place?.country ?? "",
    region: place?.region ?? "",
    regionCode: place?.regionCode ?? "",
    city: place?.city ?? "",
    lat: place === null || Number.isNaN(place.lat) ? undefined : place.lat,
    lon: place === null || Number.isNaN(place.lon) ? undefined : place.lon,
    timeZone: place?.timeZone ?? "",
    asn: network?.asn ?? 0,
    tor: network?.tags.includes("tor") ?? false,
  };
}

function expected(source: Source): unknown {
  const country = source.country?.iso_code ?? "";
  const subdivision = source.subdivisions?.[0];
  const traits = (source as { traits?: Source }).traits;
  return {
    country,
    region: subdivision?.names?.en ?? "",
    regionCode: subdivision?.iso_code === undefined ? "" : `${country}-${subdivision.iso_code}`,
    city: source.city?.names?.en ?? "",
    lat: source.location?.latitude,
    lon: source.location?.longitude,
    timeZone: source.location?.time_zone ?? "",
    asn: source.autonomous_system_number ?? traits?.autonomous_system_number ?? 0,
    tor: source.is_tor_exit_node ?? traits?.is_tor_exit_node ?? false,
  };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
}
