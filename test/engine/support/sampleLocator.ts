import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "../../../src/locate/locator.js";
import { openLocator } from "../../../src/locate/openLocator.js";

/** Ranges that end within a /24, a /28, and at odd addresses; both families, one name twice. */
export const CITY_ROWS = [
  "first,last,country,region,city,lat,lon",
  "5.0.0.0,5.0.0.255,DE,Hesse,Frankfurt,50.11,8.68",
  "5.0.1.0,5.0.1.99,DE,Berlin,Berlin,52.52,13.4",
  "5.0.1.100,5.0.1.107,DE,Bavaria,Munich,48.14,11.58",
  "5.0.1.108,5.0.3.4,FR,Île-de-France,Paris,48.86,2.35",
  "5.0.3.5,5.0.3.5,US,Texas,Paris,33.66,-95.55",
  "5.0.3.6,5.0.7.255,BR,São Paulo,São Paulo,-23.55,-46.63",
  "5.0.8.0,5.0.8.255,DE,Hesse,Frankfurt,50.12,8.7",
  "2a00::,2a00:0:0:ffff:ffff:ffff:ffff:ffff,JP,Tokyo,Tokyo,35.68,139.69",
  "2a00:0:1::,2a00:0:1::7,IN,Maharashtra,Mumbai,19.07,72.87",
  "2a00:0:1::8,2a00:ffff::,GB,England,London,51.51,-0.13",
];

export const ASN_ROWS = [
  "first,last,asn,organization",
  "5.0.0.0,5.0.1.255,64500,Example Net",
  '5.0.2.0,5.0.7.255,64501,"Other, Inc."',
  "2a00::,2a00:0:1::3,64502,Six Net",
];

/** A locator of databases that the test writes, with networks of its own. */
export async function sampleLocator(rows: readonly string[] = CITY_ROWS): Promise<Locator> {
  const folder = mkdtempSync(join(tmpdir(), "geopivot-locator-"));
  const files = [rows, ASN_ROWS].map((text, i) => {
    const path = join(folder, `${i}.csv`);
    writeFileSync(path, `${text.join("\n")}\n`);
    return path;
  });
  try {
    return await openLocator({
      databases: files,
      networks: [
        { cidr: "10.8.0.0/16", name: "Berlin office", country: "DE", city: "Berlin", lat: 52.52, lon: 13.405 },
      ],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
