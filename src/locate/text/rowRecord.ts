import type { Precision } from "../../core/places.js";
import { USE_TAGS } from "../mmdb/fields.js";
import { accuracyOf } from "../places/accuracy.js";
import { countryLetters } from "../places/countryLetters.js";
import type { LayerIndexes } from "../sources/layer.js";
import { isBlank, isDecimal } from "./cellKinds.js";
import type { TextColumn } from "./columnNames.js";
import type { Locations } from "./locations.js";

/** The fields of a row by what they hold. */
export type RowFields = (column: TextColumn) => string;

/**
 * The pair id of what a row says of its addresses; 0 where it says nothing.
 *
 * @param locations - names of the places by GeoNames id, where they are in a file of their own
 * @param band - what `prefixBand` says of the row's addresses
 */
export function recordOfRow(
  field: RowFields,
  columns: readonly TextColumn[],
  locations: Locations | undefined,
  band: number,
  { places, networks, pairs }: LayerIndexes,
): number {
  const told = (column: TextColumn): string => {
    const cell = field(column);
    return isBlank(cell) ? "" : clean(cell);
  };
  const tags = tagsOf(told, columns);
  const network = {
    asn: asnOf(told("asn")),
    organization: told("organization"),
    name: "",
    tags,
    reserved: "",
  };
  const place = placeOf(told, columns, locations, band, tags);
  return pairs.id(place === undefined ? 0 : places.id(place), networks.id(network));
}

function placeOf(
  told: RowFields,
  columns: readonly TextColumn[],
  locations: Locations | undefined,
  band: number,
  tags: readonly string[],
): Parameters<LayerIndexes["places"]["id"]>[0] | undefined {
  const location = locations?.get(told("geoname"));
  const country = location?.country || countryLetters(told("country"));
  const [regionCode, written] = regionOf(told("regionIso"), country);
  const region = location?.region || told("region") || written;
  const city = location?.city || told("city");
  const [lat, lon] = coordinatesOf(told, columns);
  if (country === "" && region === "" && city === "" && Number.isNaN(lat)) return undefined;
  const precision: Precision =
    city !== "" ? "city" : region !== "" || regionCode !== "" ? "region" : country !== "" ? "country" : "none";
  const radius = isDecimal(told("accuracyKm")) ? Number(told("accuracyKm")) : 0;
  return {
    ...{ country, region, regionCode: location?.regionCode || regionCode, city, lat, lon, precision },
    accuracyKm: radius > 0 ? radius : accuracyOf({ precision, tags, country, band }),
    timeZone: location?.timeZone || (/[A-Za-z]/.test(told("timeZone")) ? told("timeZone") : ""),
  };
}

/** The code and the name that a cell for a subdivision's code holds, which some fill in with its name. */
function regionOf(cell: string, country: string): [code: string, name: string] {
  if (cell === "") return ["", ""];
  if (/^[A-Z]{2}-[A-Z0-9]{1,3}$/i.test(cell)) return [cell.toUpperCase().replace(/^UK-/, "GB-"), ""];
  if (/^[A-Z0-9]{1,3}$/i.test(cell)) return [country === "" ? cell : `${country}-${cell.toUpperCase()}`, ""];
  return ["", cell];
}

/** Latitude and longitude; none where one is missing or out of range, nor where both are 0, which stands for unknown. */
function coordinatesOf(told: RowFields, columns: readonly TextColumn[]): [number, number] {
  const pair = columns.includes("latLon") ? told("latLon").split(",") : [told("lat"), told("lon")];
  const [lat, lon] = pair.map((cell) => (isDecimal(cell.trim()) ? Number(cell) : Number.NaN)) as [number, number];
  const isPoint = Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && !(lat === 0 && lon === 0);
  return isPoint ? [lat, lon] : [Number.NaN, Number.NaN];
}

function asnOf(cell: string): number {
  const number = /^(?:AS)?\d{1,10}$/i.test(cell) ? Number(cell.replace(/^AS/i, "")) : 0;
  return number < 2 ** 32 ? number : 0;
}

function tagsOf(told: RowFields, columns: readonly TextColumn[]): string[] {
  const tags: string[] = [];
  for (const column of columns) {
    if (column.startsWith("tag:") && /^(?:1|true|yes)$/i.test(told(column))) tags.push(column.slice(4));
  }
  if (columns.includes("carrier") && told("carrier") !== "") tags.push("carrier");
  for (const use of told("use").split("/")) {
    const tag = USE_TAGS.get(use) ?? USE_TAGS.get(use.toLowerCase());
    if (tag !== undefined) tags.push(tag);
  }
  return tags;
}

/** A name without control characters, which no name has. */
function clean(cell: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\x00-\x1f\x7f-\x9f]/.test(cell) ? cell.replaceAll(/[\x00-\x1f\x7f-\x9f]+/g, " ").trim() : cell;
}
