import type { Prefix } from "../address/parseNetwork.js";
import { locateError, reasonOf } from "../errors.js";
import { prefixBand } from "../places/accuracy.js";
import type { Layer, LayerIndexes } from "../sources/layer.js";
import type { TextColumn } from "./columnNames.js";
import { forEachRow } from "./forEachRow.js";
import { type Locations, locationsBeside, readLocations } from "./locations.js";
import { RangeCollector } from "./rangeCollector.js";
import { networkRange, rangesBetween } from "./rowRange.js";
import { recordOfRow } from "./rowRecord.js";
import { layoutOfFile, rowOf, type TextLayout } from "./textLayout.js";

/** A text database as a layer, and what is to be told of it. */
export interface TextLayer {
  readonly layer: Layer;
  readonly warnings: readonly string[];
}

/**
 * Reads ranges or networks with their places from text, compressed with gzip or not, a line at a time: CSV, tabs, or JSON
 * a line. What its columns hold is told by their names, else by what is in them.
 *
 * Ranges must be in ascending order within each family and must not overlap; networks may. Throws
 * `unreadable-database`, `unsupported-database` and `corrupt-database` with the line.
 *
 * @param locations - places by GeoNames id, for rows that give no more; default: those of the file beside it
 */
export async function textLayer(
  path: string,
  indexes: LayerIndexes,
  locations?: Locations,
  signal?: AbortSignal,
): Promise<TextLayer> {
  const layout = await layoutOfFile(path, signal);
  const warnings: string[] = [];
  let names = locations;
  if (layout.columns.includes("geoname") && !layout.columns.includes("country")) {
    const beside = names === undefined ? await locationsBeside(path) : undefined;
    if (beside !== undefined) names = await readLocations(beside, signal);
    if (names === undefined) warnings.push(withoutNames(path, layout.columns));
  }
  const rows = new TextRows(path, layout, indexes, names, false);
  await forEachRow(path, layout.delimiter, (line, at) => rows.add(line, at), signal);
  if (!rows.isDisordered) return { layer: rows.layer(), warnings };
  // Networks within each other, or in no order: read once more, since most files have none and keeping all takes room.
  const anyOrder = new TextRows(path, layout, indexes, names, true);
  await forEachRow(path, layout.delimiter, (line, at) => anyOrder.add(line, at), signal);
  return { layer: anyOrder.layer(), warnings };
}

/** Says that a file has numbers in place of names; throws `unsupported-database` where it has nothing else. */
function withoutNames(path: string, columns: readonly TextColumn[]): string {
  const missing =
    "its places are GeoNames numbers, whose names are in a Locations file: put it beside it, or give it too";
  if (columns.includes("lat")) return `${path}: ${missing}`;
  throw locateError("unsupported-database", { path, reason: missing });
}

/** Makes ranges of rows. */
class TextRows {
  /** Whether networks came out of order, so that what was made of them is of no use. */
  isDisordered = false;
  readonly #path: string;
  readonly #layout: TextLayout;
  readonly #indexes: LayerIndexes;
  readonly #locations: Locations | undefined;
  readonly #ranges: RangeCollector;
  readonly #areNetworks: boolean;
  /** Pair ids by the text after the range, which is the same on many lines. */
  readonly #pairIds = new Map<string, number>();
  #row: readonly string[] = [];
  #rowCount = 0;
  #tellsSomething = false;

  constructor(
    path: string,
    layout: TextLayout,
    indexes: LayerIndexes,
    locations: Locations | undefined,
    isAnyOrder: boolean,
  ) {
    this.#path = path;
    this.#layout = layout;
    this.#indexes = indexes;
    this.#locations = locations;
    this.#areNetworks = layout.columns.includes("network");
    this.#ranges = new RangeCollector(isAnyOrder);
  }

  add(line: string, at: number): void {
    if (this.isDisordered || at <= this.#layout.headerLine) return;
    const row = rowOf(line, this.#layout);
    if (row === undefined) throw this.#corrupt(at, "it is no JSON object");
    if (row.every((cell) => cell === "")) return;
    this.#row = row;
    this.#rowCount++;
    for (const range of this.#rangesOf(at)) {
      const id = this.#pairId(range);
      if (id !== 0) this.#tellsSomething = true;
      if (this.#ranges.add(range, id)) continue;
      if (!this.#areNetworks) throw this.#corrupt(at, "its range begins within or before an earlier one");
      this.isDisordered = true;
    }
  }

  /** Throws `unsupported-database` where no row says anything that could be used. */
  layer(): Layer {
    if (this.#rowCount > 0 && !this.#tellsSomething)
      throw locateError("unsupported-database", {
        path: this.#path,
        reason: `none of its ${this.#rowCount} rows tells a place or a network; its columns are read as ${this.#layout.columns.join(", ")}, a latitude being -90 to 90 and a longitude -180 to 180`,
      });
    return this.#ranges.layer();
  }

  #rangesOf(at: number): Prefix[] {
    const network = this.#field("network");
    try {
      if (network !== "" && !network.includes("-")) return [networkRange(network)];
      const [first, last] = network === "" ? [this.#field("first"), this.#field("last")] : network.split("-");
      return rangesBetween(first!.trim(), last?.trim() ?? "");
    } catch (cause) {
      throw this.#corrupt(at, reasonOf(cause));
    }
  }

  #pairId({ family, first, last }: Prefix): number {
    const band = family === 4 ? prefixBand(Number(last - first) + 1) : 0;
    const { recordColumns } = this.#layout;
    let key = String(band);
    for (const i of recordColumns) key += `\0${this.#row[i] ?? ""}`;
    let id = this.#pairIds.get(key);
    if (id === undefined) {
      id = recordOfRow(this.#field, this.#layout.columns, this.#locations, band, this.#indexes);
      if (this.#pairIds.size >= MAX_KNOWN) this.#pairIds.clear();
      this.#pairIds.set(key, id);
    }
    return id;
  }

  readonly #field = (column: TextColumn): string => {
    const at = this.#layout.columns.indexOf(column);
    return at < 0 ? "" : (this.#row[at]?.trim() ?? "");
  };

  #corrupt(line: number, reason: string): Error {
    return locateError("corrupt-database", { path: this.#path, reason: `line ${line}: ${reason}` });
  }
}

/** Texts to remember; what they give is found by content in any case. */
const MAX_KNOWN = 1 << 20;
