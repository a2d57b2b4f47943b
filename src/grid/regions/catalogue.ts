import Papa from "papaparse";
import { countryCode } from "../countries.js";
import { gridError } from "../errors.js";

/** A place that the user runs or buys: a PoP, a server, a cloud region. */
export interface CatalogueEntry {
  readonly id: string;
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
  /** The countries that the entry claims, as alpha-2: none where it names none that is known, two where its fields disagree. */
  readonly countries: readonly string[];
}

/** Field names that catalogues use, lower case and without separators; the first that is there counts. */
const FIELDS = {
  id: ["id", "code", "key", "pop", "region", "name"],
  name: ["name", "city", "location", "label", "description"],
  lat: ["lat", "latitude"],
  lon: ["lon", "lng", "long", "longitude"],
  countryCode: ["countrycode", "countryisocode", "isocode", "iso"],
  country: ["country", "countryname"],
} as const;

/**
 * Reads a catalogue: JSON (a list of objects, or objects by id) or CSV with a header line, told apart by the first
 * character. Where no field tells the country, the end of the name does ("Tokyo, Japan").
 *
 * Throws `bad-catalogue` where an entry has no coordinates on Earth, and where the text is neither JSON nor CSV.
 */
export function readCatalogue(text: string): CatalogueEntry[] {
  return catalogueRows(text).map(({ id, fields }, at) => {
    const field = (kind: keyof typeof FIELDS): string => {
      for (const name of FIELDS[kind]) {
        const value = fields.get(name);
        if (value !== undefined && value !== null && value !== "") return String(value).trim();
      }
      return "";
    };
    const entryId = id || field("id") || `row ${at + 1}`;
    const [lat, lon] = [Number(field("lat") || Number.NaN), Number(field("lon") || Number.NaN)];
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 360)) {
      throw gridError("bad-catalogue", { reason: `${entryId} has no latitude and longitude in degrees` });
    }
    const name = field("name");
    return {
      id: entryId,
      name: name || entryId,
      lat,
      lon,
      countries: claims(field("country"), field("countryCode"), name),
    };
  });
}

/** A row of a catalogue as it stands there: field names in lower case, letters alone. */
export interface CatalogueRow {
  /** The key that the row stands under; empty where the catalogue is a list. */
  readonly id: string;
  readonly fields: ReadonlyMap<string, unknown>;
}

/** The rows of a catalogue, in its order, with fields that {@link readCatalogue} does not look at. Throws `bad-catalogue`. */
export function catalogueRows(text: string): CatalogueRow[] {
  return rowsOf(text).map(([id, row]) => ({
    id,
    fields: new Map(Object.entries(row).map(([name, value]) => [name.toLowerCase().replace(/[^a-z]/g, ""), value])),
  }));
}

function rowsOf(text: string): [id: string, row: Record<string, unknown>][] {
  if (/^\s*[[{]/.test(text)) return jsonRows(text);
  const { data, meta } = Papa.parse<Record<string, unknown>>(text.replace(/^\uFEFF/, ""), {
    header: true,
    skipEmptyLines: "greedy",
  });
  if ((meta.fields ?? []).length < 3)
    throw gridError("bad-catalogue", { reason: "it is neither JSON nor CSV with a header" });
  return data.map((row) => ["", row]);
}

function jsonRows(text: string): [id: string, row: Record<string, unknown>][] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw gridError("bad-catalogue", { reason: `its JSON breaks off: ${(cause as Error).message}` }, cause);
  }
  const rows: [string, unknown][] = Array.isArray(value)
    ? value.map((row) => ["", row])
    : Object.entries(value as object);
  for (const [id, row] of rows) {
    if (typeof row !== "object" || row === null)
      throw gridError("bad-catalogue", { reason: `${id || "an entry"} is no object` });
  }
  return rows as [string, Record<string, unknown>][];
}

/**
 * "Northern Virginia, USA": without a field for it, the country is what the last comma leaves; "Singapore": the name itself,
 * but not letters that may be a code of anything: `fra` is Frankfurt's airport, and a country's alpha-3.
 */
function claims(country: string, code: string, name: string): string[] {
  const told = [countryCode(country), countryCode(code)].filter((claim) => claim !== null);
  if (told.length > 0) return [...new Set(told)];
  const [comma, isCode] = [name.lastIndexOf(","), name.trim().length <= 3];
  const named = isCode ? null : (countryCode(name) ?? countryCode(name.slice(comma + 1)));
  return named === null ? [] : [named];
}
