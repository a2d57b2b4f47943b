import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { analyze } from "../../src/analyze.js";
import { openLocator } from "../../src/locate/openLocator.js";
import { pivot } from "../../src/pivot/pivot.js";
import { hasCityDatabase } from "../support/cityDatabase.js";

const lines = (rows: readonly object[]): Uint8Array =>
  new TextEncoder().encode(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

test.skipIf(!hasCityDatabase)(
  "a located log without addresses gives the pivots, outages and errors of one with them",
  async () => {
    const rows = gunzipSync(readFileSync("data/sample.ndjson.gz")).toString().trim().split("\n");
    const locator = await openLocator();
    const located = rows.map((line) => {
      const { ip, ...row } = JSON.parse(line) as { ip: string };
      const { place, network } = locator.lookup(ip);
      const client_id = createHash("sha256").update(ip).digest("hex");
      if (place === null) return { ...row, client_id, "as.number": network?.asn };
      const { country, region, city, lat, lon } = place;
      const geo = { country_iso_code: country, region_name: region, city_name: city, location: { lat, lon } };
      return { ...row, client_id, geo, "as.number": network?.asn };
    });
    const before = await analyze("data/sample.ndjson.gz", { locator });
    const after = await analyze(lines(located), { locator });
    expect(after.report).toMatchObject({ events: before.report.events, unlocated: before.report.unlocated });
    for (const by of [["country"], ["country", "city"]]) {
      const of = ({ cube }: typeof before) =>
        pivot(cube, { by, measures: ["count", "errors", "clients", "p95"] }).objects();
      expect(of(after)).toEqual(of(before));
    }
    const told = ({ findings }: typeof before) =>
      findings
        .filter(({ kind }) => kind !== "suspicious-traffic")
        .map(({ title, startMs, endMs, region }) => [title, startMs, endMs, region.countries]);
    expect(told(before).length).toBeGreaterThan(0);
    expect(told(after)).toEqual(told(before));
  },
);
