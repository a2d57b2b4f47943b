import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { continentName, continentOf, countries, country, countryCode, countryName } from "../../src/grid/countries.js";
import { subdivision, subdivisionCode } from "../../src/grid/subdivisions.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";

test.each([
  ["de", "DE"],
  [" DEU ", "DE"],
  ["276", "DE"],
  ["Germany", "DE"],
  ["Federal Republic of Germany", "DE"],
  ["Türkiye", "TR"],
  ["Turkey", "TR"],
  ["Côte d’Ivoire", "CI"],
  ["ivory coast", "CI"],
  ["USA", "US"],
  ["The Netherlands", "NL"],
  ["Korea, Republic of", "KR"],
  ["Korea (Democratic People's Republic of)", "KP"],
  ["Democratic Republic of the Congo", "CD"],
  ["Republic of the Congo", "CG"],
  ["Dominica", "DM"],
  ["Dominican Republic", "DO"],
  ["Republic of China", "TW"],
  ["People's Republic of China", "CN"],
  ["Hong Kong SAR", "HK"],
  ["XKX", "XK"],
  ["St. Lucia", "LC"],
  ["Guinea-Bissau", "GW"],
])("countryCode(%j) is %s", (text, code) => expect(countryCode(text)).toBe(code));

test.each(["", "xx", "Atlantis", "ZZZ", "000", "kingdom", "__proto__", "toString"])("countryCode(%j) is null", (text) =>
  expect(countryCode(text)).toBeNull(),
);

test("a country has its codes, name, continent and UN regions", () => {
  expect(country("gt")).toEqual({
    alpha2: "GT",
    alpha3: "GTM",
    numeric: "320",
    name: "Guatemala",
    continent: "NA",
    unRegion: "Americas",
    unSubregion: "Central America",
  });
  expect(countryName("DE", "fr")).toBe("Allemagne");
  expect(countryName("??")).toBe("??");
  expect(continentName(continentOf("BR")!)).toBe("South America");
});

test("a subdivision has its name and what it is part of, and is found by its name", () => {
  expect(subdivision("de-he")).toEqual({ code: "DE-HE", name: "Hessen", parent: "DE" });
  expect(subdivision("DE-XX")).toBeUndefined();
  expect(subdivisionCode("us", "california")).toBe("US-CA");
  expect(subdivisionCode("DE", "Thuringen")).toBe("DE-TH");
  expect(subdivisionCode("DE", "California")).toBeNull();
});

test("every code and name of a country leads back to it", () => {
  for (const c of countries()) {
    for (const text of [c.alpha2, c.alpha3, c.name]) expect([text, countryCode(text)]).toEqual([text, c.alpha2]);
  }
});

test.skipIf(!hasSharedData("countries/country-codes.csv"))(
  "codes, names, continents and UN regions agree with the published table",
  () => {
    const [head, ...rows] = parseCsv(readFileSync(sharedData("countries/country-codes.csv"), "utf8"));
    expect(rows.length).toBe(249);
    for (const row of rows) {
      const is = Object.fromEntries(head!.map((name, i) => [name, row[i] ?? ""]));
      const alpha2 = is["ISO3166-1-Alpha-2"]!;
      const names = ["CLDR display name", "UNTERM English Short", "official_name_en", "ISO4217-currency_country_name"];
      for (const name of ["ISO3166-1-Alpha-3", ...names]) {
        if (is[name] !== "") expect([is[name], countryCode(is[name]!)]).toEqual([is[name], alpha2]);
      }
      expect([alpha2, continentOf(alpha2)]).toEqual([alpha2, is.Continent]);
      const facts = country(alpha2)!;
      // The UN lists no region for Taiwan.
      if (alpha2 === "TW") continue;
      expect([alpha2, facts.unRegion]).toEqual([alpha2, is["Region Name"]]);
      expect([alpha2, facts.unSubregion]).toEqual([alpha2, is["Intermediate Region Name"] || is["Sub-region Name"]]);
    }
  },
);

function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, field, end] of text.matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n)/g)) {
    rows.at(-1)!.push(field!.startsWith('"') ? field!.slice(1, -1).replaceAll('""', '"') : field!);
    if (end !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}
