import { countryName } from "../countries.js";
import type { CatalogueEntry } from "./catalogue.js";
import { CountryIndex } from "./countryIndex.js";

/** An entry whose coordinates and country cannot both be right. */
export interface CatalogueProblem {
  readonly entry: CatalogueEntry;
  /** Alpha-2 of the country that the entry claims and does not lie in. */
  readonly claimed: string;
  /** Alpha-2 of the country that the coordinates lie in or near; empty at sea. */
  readonly found: string;
  /** One sentence: what is wrong and, where a slip of the pen explains it, what would be right. */
  readonly message: string;
}

export interface CatalogueCheck {
  /** How far outside its country an entry may lie: maps are coarse and harbours lie on coasts. Default 50. */
  readonly toleranceKm?: number;
  /** Made anew (some 0.3 s) where none is given. */
  readonly countries?: CountryIndex;
}

/**
 * Finds the entries of a catalogue that do not lie in every country they claim. Entries that claim none, or one that the
 * map leaves out, are not judged.
 */
export function checkCatalogue(entries: readonly CatalogueEntry[], options: CatalogueCheck = {}): CatalogueProblem[] {
  const { toleranceKm = 50, countries = new CountryIndex() } = options;
  return entries.flatMap((entry) => {
    const { lat, lon, id } = entry;
    const isIn = (code: string, y: number, x: number): boolean => countries.isIn(code, y, x, toleranceKm);
    const wrong = entry.countries.find((code) => countries.has(code) && !isIn(code, lat, lon));
    if (wrong === undefined) return [];
    const found = countries.nearest(lat, lon, toleranceKm);
    const where = found === "" ? "at sea" : `in ${countryName(found)}`;
    const slip = SLIPS.find(({ fix }) => isIn(wrong, ...fix(lat, lon)));
    const hint = slip === undefined ? "" : `; with ${slip.name} it would lie in ${countryName(wrong)}`;
    const message = `${id} claims ${countryName(wrong)} but lies ${where} (${lat}, ${lon})${hint}`;
    return [{ entry, claimed: wrong, found, message }];
  });
}

/** What people get wrong when they write coordinates down. */
const SLIPS: readonly { name: string; fix: (lat: number, lon: number) => [lat: number, lon: number] }[] = [
  { name: "the latitude's sign changed", fix: (lat, lon) => [-lat, lon] },
  { name: "the longitude's sign changed", fix: (lat, lon) => [lat, -lon] },
  { name: "both signs changed", fix: (lat, lon) => [-lat, -lon] },
  { name: "latitude and longitude exchanged", fix: (lat, lon) => [lon, lat] },
];
