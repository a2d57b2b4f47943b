import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { countryLetters } from "../places/countryLetters.js";
import { forEachLine } from "../sources/forEachLine.js";
import { forEachRow } from "./forEachRow.js";
import { isOpen, splitRow } from "./rowSplitter.js";

/** A place of GeoLite2's `Locations` file. */
export interface Location {
  readonly country: string;
  readonly region: string;
  readonly regionCode: string;
  readonly city: string;
  readonly timeZone: string;
}

/** Places by their GeoNames id. */
export type Locations = ReadonlyMap<string, Location>;

/** Whether a file begins as a `Locations` file does. Throws `unreadable-database`. */
export async function isLocations(path: string, signal?: AbortSignal): Promise<boolean> {
  let first = "";
  const take = (row: string): boolean => {
    first = row;
    return false;
  };
  await forEachRow(path, ",", take, signal);
  return namesLocations(first);
}

/** Whether a first line names the columns of a `Locations` file. */
function namesLocations(line: string): boolean {
  const names = splitRow(line.replace(/^\uFEFF/, "").toLowerCase(), ",").map((name) => name.trim());
  return names.includes("geoname_id") && names.includes("country_iso_code") && !names.includes("network");
}

/** Reads a `Locations` file, compressed or not. Throws `unreadable-database`. */
export async function readLocations(path: string, signal?: AbortSignal): Promise<Map<string, Location>> {
  const locations = new Map<string, Location>();
  let names: readonly string[] | undefined;
  let held = "";
  await forEachLine(
    path,
    (line) => {
      held += held === "" ? line : `\n${line}`;
      if (held === "" || (isOpen(held, ",") && held.length < MAX_ROW)) return;
      const row = splitRow(held.replace(/^\uFEFF/, ""), ",").map((cell) => cell.trim());
      held = "";
      if (names === undefined) names = row.map((name) => name.toLowerCase());
      else {
        const cell = (name: string): string => row[names!.indexOf(name)] ?? "";
        locations.set(cell("geoname_id"), locationOf(cell));
      }
    },
    signal,
  );
  return locations;
}

const MAX_ROW = 100_000;

/**
 * The `Locations` file beside a `Blocks` file: of the same product and of English names where there are several;
 * undefined if there is none.
 */
export async function locationsBeside(path: string): Promise<string | undefined> {
  const names = await readdir(dirname(path)).catch(() => []);
  const own = basename(path).toLowerCase();
  const likeness = (name: string): number => {
    let same = 0;
    while (same < own.length && own[same] === name[same]?.toLowerCase()) same++;
    return same + (/[-_.]en\b/i.test(name) ? 0.5 : 0);
  };
  const found = names.filter(
    (name) => /locations?\b.*\.csv(?:\.gz)?$/i.test(name) || /locations?.*\.csv(?:\.gz)?$/i.test(name),
  );
  found.sort((a, b) => likeness(b) - likeness(a) || (a < b ? -1 : 1));
  for (const name of found) {
    const beside = join(dirname(path), name);
    if (await isLocations(beside)) return beside;
  }
  return undefined;
}

function locationOf(cell: (name: string) => string): Location {
  const country = countryLetters(cell("country_iso_code"));
  const code = cell("subdivision_1_iso_code");
  return {
    country,
    region: cell("subdivision_1_name"),
    regionCode: code === "" || country === "" ? "" : `${country}-${code}`,
    city: cell("city_name"),
    timeZone: cell("time_zone"),
  };
}
