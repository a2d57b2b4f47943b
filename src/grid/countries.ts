import { iso31661 } from "iso-3166";
import { foldName } from "./foldName.js";
import { unAreas } from "./regions/unAreas.js";

/** The two-letter code of a continent. */
export type Continent = "AF" | "AN" | "AS" | "EU" | "NA" | "OC" | "SA";

/** Facts of a country or area that ISO 3166-1 codes. */
export interface Country {
  readonly alpha2: string;
  readonly alpha3: string;
  /** Three digits; empty where ISO has given none (Kosovo). */
  readonly numeric: string;
  /** Short English name. */
  readonly name: string;
  readonly continent: Continent;
  /** UN M49 region: "Africa", "Americas", "Asia", "Europe", "Oceania"; empty for Antarctica. */
  readonly unRegion: string;
  /** UN M49 subregion, the closest that the UN gives: "Western Europe", "Caribbean", "Eastern Africa". */
  readonly unSubregion: string;
}

/** The facts of an alpha-2 code, or undefined. Any case. Anything else than alpha-2 goes through {@link countryCode} first. */
export function country(alpha2: string): Country | undefined {
  return byAlpha2.get(alpha2.toUpperCase());
}

/** Every country, by alpha-2. */
export function countries(): readonly Country[] {
  return [...byAlpha2.values()];
}

/** The name of an alpha-2 code in a language (BCP 47); the code itself if it is none. */
export function countryName(alpha2: string, language = "en"): string {
  const code = alpha2.toUpperCase();
  if (language === "en") return byAlpha2.get(code)?.name ?? alpha2;
  return byAlpha2.has(code) ? (new Intl.DisplayNames([language], { type: "region" }).of(code) ?? alpha2) : alpha2;
}

/**
 * ISO 3166-1 alpha-2 of whatever a source calls a country: alpha-2 and alpha-3 in any case, UN and ISO numbers, English
 * names and the usual variants of them ("Korea, Republic of", "USA", "Ivory Coast"). null where it is none of these.
 */
export function countryCode(text: string): string | null {
  const trimmed = text.trim();
  const upper = trimmed.toUpperCase();
  if (byAlpha2.has(upper)) return upper;
  const folded = foldName(trimmed);
  return byKey.get(upper) ?? byKey.get(folded) ?? byKey.get(withoutForm(folded)) ?? null;
}

/** The two-letter code of a country's continent, or null. */
export function continentOf(alpha2: string): Continent | null {
  return country(alpha2)?.continent ?? null;
}

/** English name of a continent's code, or the code itself. */
export function continentName(code: string): string {
  return CONTINENT_NAMES[code as Continent] ?? code;
}

const CONTINENT_NAMES: Readonly<Record<Continent, string>> = {
  AF: "Africa",
  AN: "Antarctica",
  AS: "Asia",
  EU: "Europe",
  NA: "North America",
  OC: "Oceania",
  SA: "South America",
};

/** What the UN's list leaves out. Kosovo has no ISO code; XK and XKX are what the EU, the World Bank and databases write. */
const UN_PARENTS: Readonly<Record<string, string>> = { TWN: "030", XKX: "039" };

/** Where the usual seven continents differ from UN M49, which counts by statistics, not by plates. */
const CONTINENTS: Readonly<Record<string, Continent>> = {
  AQ: "AN",
  BV: "AN",
  CC: "AS",
  CY: "EU",
  GS: "AN",
  HM: "AN",
  IO: "AS",
  TF: "AN",
  TL: "OC",
};

/** Names that people and vendors write and no list of ours has. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  AE: ["UAE"],
  BA: ["Bosnia"],
  BO: ["Bolivia"],
  CC: ["Cocos Islands"],
  CD: ["DR Congo", "DRC", "Congo Kinshasa", "Democratic Republic Congo", "Zaire", "Congo Dem Rep"],
  CG: ["Congo", "Congo Brazzaville", "Republic Congo", "Congo Rep"],
  CI: ["Ivory Coast"],
  CV: ["Cape Verde"],
  CZ: ["Czech Republic"],
  FK: ["Falkland Islands"],
  FM: ["Micronesia"],
  GB: ["UK", "Great Britain", "England", "Scotland", "Wales", "Northern Ireland"],
  HK: ["Hong Kong", "Hong Kong SAR"],
  IR: ["Iran"],
  KG: ["Kyrgyz Republic"],
  KP: ["North Korea", "Korea Dem Peoples Rep"],
  KR: ["South Korea", "Korea"],
  LA: ["Laos"],
  MD: ["Moldova"],
  MK: ["Macedonia", "North Macedonia", "FYROM", "former Yugoslav Republic Macedonia"],
  MM: ["Burma", "Myanmar"],
  MO: ["Macau", "Macao", "Macau SAR", "Macao SAR"],
  NL: ["Holland"],
  PS: ["Palestine", "Palestinian Territory", "Occupied Palestinian Territory", "West Bank Gaza"],
  RU: ["Russia"],
  SH: ["Saint Helena"],
  SK: ["Slovak Republic"],
  ST: ["Sao Tome Principe"],
  SX: ["Sint Maarten"],
  SY: ["Syria"],
  SZ: ["Swaziland"],
  TL: ["East Timor"],
  TR: ["Turkey"],
  TW: ["Taiwan", "Taiwan Republic of China", "Republic of China", "Chinese Taipei"],
  TZ: ["Tanzania"],
  US: ["USA", "United States", "America"],
  VA: ["Vatican", "Vatican City", "Holy See"],
  VE: ["Venezuela"],
  VG: ["British Virgin Islands", "Virgin Islands British"],
  VI: ["US Virgin Islands", "Virgin Islands US"],
  VN: ["Vietnam"],
  XK: ["Kosovo"],
};

/** Words for how a state is governed; dropped where the name with them is not known, so "Kingdom of Spain" is Spain. */
const FORMS: ReadonlySet<string> = new Set(
  (
    "arab bolivarian commonwealth confederation democratic duchy federal federative grand hashemite independent islamic " +
    "kingdom peoples plurinational principality rep republic socialist sultanate union"
  ).split(" "),
);

const byAlpha2 = readCountries();
const byKey = readKeys();

function readCountries(): Map<string, Country> {
  const areas = new Map(unAreas.map((area) => [area.code, area]));
  const parents = new Map(unAreas.flatMap((area) => (area.iso3166 ? [[area.iso3166, area.parent ?? ""]] : [])));
  const names = new Intl.DisplayNames(["en"], { type: "region" });
  const coded = [...iso31661, { alpha2: "XK", alpha3: "XKX", numeric: "", name: "Kosovo" }];
  const read = coded.map(({ alpha2, alpha3, numeric, name }): [string, Country] => {
    const chain: string[] = [];
    for (let at = UN_PARENTS[alpha3] ?? parents.get(alpha3) ?? ""; at !== ""; at = areas.get(at)?.parent ?? "")
      chain.push(at);
    const region = chain.length > 1 ? (areas.get(chain[chain.length - 2]!)?.name ?? "") : "";
    const unSubregion = chain.length > 1 ? (areas.get(chain[0]!)?.name ?? "") : "";
    const continent = CONTINENTS[alpha2] ?? continentOfChain(chain);
    return [
      alpha2,
      { alpha2, alpha3, numeric, name: names.of(alpha2) ?? name, continent, unRegion: region, unSubregion },
    ];
  });
  return new Map(read.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function continentOfChain(chain: readonly string[]): Continent {
  if (chain.includes("002")) return "AF";
  if (chain.includes("142")) return "AS";
  if (chain.includes("150")) return "EU";
  if (chain.includes("009")) return "OC";
  return chain.includes("005") ? "SA" : "NA";
}

function readKeys(): Map<string, string> {
  const keys = new Map<string, string>();
  const add = (key: string, alpha2: string): void => {
    if (key !== "" && !keys.has(key)) keys.set(key, alpha2);
  };
  for (const [alpha2, names] of Object.entries(ALIASES)) for (const name of names) add(foldName(name), alpha2);
  for (const c of byAlpha2.values()) {
    add(c.alpha3, c.alpha2);
    add(c.numeric, c.alpha2);
    add(foldName(c.name), c.alpha2);
  }
  for (const { alpha2, name } of iso31661) {
    add(foldName(name), alpha2);
    add(foldName(name.replace(/[([,].*$/, "")), alpha2);
  }
  const alpha2Of = new Map([...byAlpha2.values()].map((c) => [c.alpha3, c.alpha2]));
  for (const area of unAreas) if (area.iso3166) add(foldName(area.name), alpha2Of.get(area.iso3166) ?? "");
  return keys;
}

function withoutForm(folded: string): string {
  return folded
    .split(" ")
    .filter((word) => !FORMS.has(word))
    .join(" ");
}
