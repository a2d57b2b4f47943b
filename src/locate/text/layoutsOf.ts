import { isAddress, isBlank, isNetwork, KINDS } from "./cellKinds.js";
import type { TextColumn } from "./columnNames.js";
import { isCountryName } from "./countryName.js";
import { GEOFEED, LAYOUTS } from "./layouts.js";

/**
 * The ways to read rows without names: none fits, or several that differ, where they cannot be told apart. Where no
 * layout fits all cells, those count that fit most cells of each column.
 */
export function layoutsOf(rows: readonly (readonly string[])[]): readonly (readonly TextColumn[])[] {
  const strictly = layoutsFor(rows, 1);
  return strictly.length > 0 ? strictly : layoutsFor(rows, 0.5);
}

function layoutsFor(rows: readonly (readonly string[])[], least: number): readonly (readonly TextColumn[])[] {
  const widths = rows.map((row) => row.length);
  const usual = widths.toSorted((a, b) => a - b)[widths.length >> 1]!;
  const fitting = LAYOUTS.filter(({ kinds }) => kinds.length === usual && fits(kinds, rows, least));
  const columns = fitting.map((one) => one.columns);
  const widest = Math.max(...widths);
  if (widest <= GEOFEED.kinds.length && fits(GEOFEED.kinds.slice(0, widest), rows, least))
    columns.push(GEOFEED.columns.slice(0, widest));
  return [...new Map(columns.map((one) => [one.join(), one])).values()];
}

/** Whether at least a share of the cells of each column are of its kind. */
function fits(kinds: readonly string[], rows: readonly (readonly string[])[], least: number): boolean {
  return kinds.every((kind, i) => {
    const cells = rows.map((row) => row[i]?.trim() ?? "");
    if (kind === "first" || kind === "last") return shareOf(cells, isAddress) >= least;
    if (kind === "network") return shareOf(cells, (cell) => isNetwork(cell) || isAddress(cell)) >= least;
    if (kind === "countryName") return areCountryNames(rows, i, kinds.indexOf("country"));
    const told = cells.filter((cell) => !isBlank(cell));
    const check = CHECKS[kind];
    if (check !== undefined) return check(told);
    const isNeeded = NEEDED.has(kind);
    return told.length === 0 ? !isNeeded : shareOf(told, KINDS[KIND_OF[kind] ?? kind]!) >= least;
  });
}

const shareOf = (cells: readonly string[], is: (cell: string) => boolean): number =>
  cells.length === 0 ? 0 : cells.filter(is).length / cells.length;

const share = (cells: readonly string[], kind: string): number => shareOf(cells, KINDS[kind]!);

/** Kinds of which some cells must say something. */
const NEEDED: ReadonlySet<string> = new Set(["country", "lat", "lon", "asn", "cidr"]);
const KIND_OF: Readonly<Record<string, string>> = { lat: "latitude", lon: "longitude", cidr: "network" };

const isName = (cells: readonly string[]): boolean =>
  share(cells, "number") < 0.5 && share(cells, "country") < 0.9 && share(cells, "domain") < 0.5;

/** Kinds that are no matter of each cell alone; `cells` are those that say something. */
const CHECKS: Readonly<Record<string, (cells: readonly string[]) => boolean>> = {
  any: () => true,
  brand: () => true,
  region: isName,
  city: isName,
  cityName: (cells) => share(cells, "number") < 0.5 && share(cells, "domain") < 0.5 && share(cells, "zone") < 0.5,
  regionOrName: (cells) => share(cells, "number") < 0.5 && share(cells, "domain") < 0.5,
  organization: (cells) => share(cells, "number") < 0.5,
  isp: (cells) => cells.length > 0 && share(cells, "postcode") < 0.5 && share(cells, "offset") < 0.5,
  postcode: (cells) => cells.length === 0 || share(cells, "postcode") >= 0.5,
  domain: (cells) => cells.length === 0 || share(cells, "domain") >= 0.5,
  mcc: (cells) => cells.every((cell) => /^[\d/-]+$/.test(cell)),
  mnc: (cells) => cells.every((cell) => /^[\d/-]+$/.test(cell)),
};

function areCountryNames(rows: readonly (readonly string[])[], column: number, code: number): boolean {
  const pairs = rows.map((row) => [row[code]?.trim() ?? "", row[column]?.trim() ?? ""] as const);
  const told = pairs.filter(([letters, name]) => !isBlank(letters) && !isBlank(name));
  return told.length > 0 && told.filter(([letters, name]) => isCountryName(letters, name)).length >= 0.8 * told.length;
}
