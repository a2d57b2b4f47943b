import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readCatalogue } from "../../src/grid/regions/catalogue.js";
import { checkCatalogue } from "../../src/grid/regions/checkCatalogue.js";
import { CountryIndex } from "../../src/grid/regions/countryIndex.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";

const countries = new CountryIndex();

test("a catalogue is read from JSON by id, from a JSON list and from CSV alike", () => {
  const entry = { id: "fra", name: "Frankfurt", lat: 50.1, lon: 8.7, countries: ["DE"] };
  expect(
    readCatalogue('{"fra": {"city": "Frankfurt", "countryCode": "DEU", "latitude": 50.1, "longitude": 8.7}}'),
  ).toEqual([entry]);
  expect(
    readCatalogue('[{"id": "fra", "name": "Frankfurt", "country": "Germany", "lat": "50.1", "lng": 8.7}]'),
  ).toEqual([entry]);
  expect(readCatalogue("\uFEFFCode,City,Country,Lat,Lon\r\nfra,Frankfurt,de,50.1,8.7\r\n")).toEqual([entry]);
  expect(readCatalogue('id,name,lat,lon\nnrt,"Tokyo, Japan",35.7,139.7')[0]!.countries).toEqual(["JP"]);
});

test.each([
  ["", /neither JSON nor CSV/],
  ["[{", /its JSON breaks off/],
  ["[7]", /an entry is no object/],
  ['{"a": {"lat": 91, "lon": 0}}', /a has no latitude and longitude/],
  ['{"a": {"lat": "", "lon": null}}', /a has no latitude and longitude/],
  ["id,lat,lon\n,x,1", /row 1 has no latitude and longitude/],
])("a catalogue that cannot be read is refused: %j", (text, message) =>
  expect(() => readCatalogue(text)).toThrow(message),
);

test("an entry outside its country is reported, with the slip that explains it; coasts are forgiven", () => {
  const entries = readCatalogue(
    JSON.stringify({
      jnb: { name: "Johannesburg, South Africa", lat: 26.2, lon: 28.0 },
      swap: { name: "Berlin, Germany", lat: 13.4, lon: 52.5 },
      doh: { name: "Doha, Qatar", lat: 25.27, lon: 51.6 },
      sin: { name: "Singapore", lat: 1.36, lon: 103.99 },
      sea: { name: "Somewhere, France", lat: 40, lon: -30 },
      torn: { country: "Spain", countryCode: "VE", lat: 10.1, lon: -64.7 },
      unknown: { name: "Moon", lat: 0, lon: 0 },
      fra: { name: "fra", lat: 50.11, lon: 8.68 },
    }),
  );
  expect(checkCatalogue(entries, { countries }).map(({ message }) => message)).toEqual([
    "jnb claims South Africa but lies in Egypt (26.2, 28); with the latitude's sign changed it would lie in South Africa",
    "swap claims Germany but lies at sea (13.4, 52.5); with latitude and longitude exchanged it would lie in Germany",
    "sea claims France but lies at sea (40, -30)",
    "torn claims Spain but lies in Venezuela (10.1, -64.7)",
  ]);
});

test.skipIf(!hasSharedData("pops/gcp-regions.json"))(
  "of the published PoPs, the two wrong ones are reported and no other",
  () => {
    const read = (file: string) => readCatalogue(readFileSync(sharedData(file), "utf8"));
    const [aws, gcp] = [read("pops/aws-edge-locations.json"), read("pops/gcp-regions.json")];
    expect([aws.length, gcp.length]).toEqual([107, 40]);
    expect([...aws, ...gcp].filter(({ countries }) => countries.length === 0)).toEqual([]);
    const wrong = checkCatalogue([...aws, ...gcp], { countries });
    expect(wrong.map(({ entry, claimed, found }) => [entry.id, claimed, found])).toEqual([
      ["BLA", "ES", "VE"],
      ["africa-south1", "ZA", "EG"],
    ]);
  },
);
