import { describe, expect, test } from "vitest";
import { Dictionary } from "../../../src/core/dictionary.js";
import type { Events } from "../../../src/core/events.js";
import { Cube } from "../../../src/cube/cube.js";
import { detect } from "../../../src/detect/detect.js";
import { MONDAY_MS, regionalTraffic } from "../../support/regionalTraffic.js";

const HOUR = 3_600_000;
const from = MONDAY_MS + 58 * HOUR;
const EUROPE = new Set(["DE", "FR", "CH", "GB"]);

/** Versions by client: 35% of them have the newer one. */
const TWO_VERSIONS = (client: number): string => (client % 20 < 7 ? "4.3.0" : "4.2.0");

/** Traffic of some versions and two PoPs. */
function traffic(seed: number, versionOf: (client: number) => string): Events {
  const events = regionalTraffic({ seed, hours: 60, perMinute: 90 });
  const [versions, pops] = [new Dictionary(), new Dictionary()];
  const n = events.length;
  const version = Uint32Array.from({ length: n }, (_, i) => versions.code(versionOf(events.client.value[i]!)));
  const pop = Uint32Array.from({ length: n }, (_, i) => pops.code(EUROPE.has(countryOf(events, i)) ? "fra" : "iad"));
  const dimensions = new Map([
    ...events.dimensions,
    ["version", { codes: version, dictionary: versions }] as const,
    ["pop", { codes: pop, dictionary: pops }] as const,
  ]);
  return { ...events, dimensions };
}

const countryOf = (events: Events, i: number): string => events.places.at(events.place[i]!)!.country;
const valueAt = (events: Events, name: string, i: number): string => {
  const { codes, dictionary } = events.dimensions.get(name)!;
  return dictionary.value(codes[i]!);
};

/** What is told where two of three requests fail, for 40 minutes, of those that a test names. */
function told(seed: number, fails: (events: Events, i: number) => boolean, versionOf = TWO_VERSIONS) {
  const events = traffic(seed, versionOf);
  const status = events.status.slice();
  for (let i = 0; i < events.length; i++)
    if (events.timeMs[i]! >= from && events.timeMs[i]! < from + 40 * 60_000 && i % 3 > 0 && fails(events, i))
      status[i] = 503;
  return detect(Cube.from({ ...events, status }, { dimensions: ["service", "version", "pop"] }));
}

describe("what fails is told with the slice that carries it", () => {
  test.each(["GB", "DE"])(
    "a version in %s alone is neither the version's failing everywhere nor the PoP's",
    (country) => {
      const found = told(3, (e, i) => valueAt(e, "version", i) === "4.3.0" && countryOf(e, i) === country);
      expect(found).toHaveLength(1);
      expect(found[0]!.region.countries).toEqual([country]);
      expect(found[0]!.dimensions).toMatchObject({ version: "4.3.0" });
      expect(found[0]!.cause[0]).toMatchObject({ slice: { version: "4.3.0" } });
      expect(found[0]!.cause[0]!.share).toBeGreaterThan(0.85);
      expect(found[0]!.title).toMatch(/version 4\.3\.0/);
    },
  );

  test("a version everywhere", () => {
    const found = told(4, (e, i) => valueAt(e, "version", i) === "4.3.0");
    expect(found).toHaveLength(1);
    expect(found[0]!.dimensions).toMatchObject({ version: "4.3.0" });
    expect(found[0]!.region.countries.length).toBeGreaterThan(4);
  });

  test("every version of a country but one", () => {
    const versionOf = (client: number): string => `4.${client % 4}.0`;
    const found = told(3, (e, i) => countryOf(e, i) === "GB" && valueAt(e, "version", i) !== "4.2.0", versionOf);
    expect(found).toHaveLength(1);
    expect(found[0]!.cause[0]).toMatchObject({ slice: { country: "GB" }, except: { version: ["4.2.0"] } });
    expect(found[0]!.title).toMatch(/fail .*: (\d\d%|all) of them but not version 4\.2\.0$/);
  });

  test("a service at a PoP", () => {
    const found = told(5, (e, i) => valueAt(e, "pop", i) === "fra" && valueAt(e, "service", i) === "web");
    expect(found).toHaveLength(1);
    expect(found[0]!.dimensions).toEqual({ pop: "fra", service: "web" });
    expect(found[0]!.title).toMatch(/pop fra fail .*: (\d\d%|all) of them service web$/);
    expect(found[0]!.cause[0]).toMatchObject({ slice: { pop: "fra", service: "web" } });
  });
});
