import type { Precision } from "../../core/places.js";
import { parseAddress } from "../address/parseAddress.js";
import { parseNetwork } from "../address/parseNetwork.js";
import { locateError, reasonOf } from "../errors.js";
import { DEFAULT_ACCURACY_KM } from "../places/accuracy.js";
import { Ranges4Builder } from "../ranges/ranges4.js";
import { Ranges6Builder } from "../ranges/ranges6.js";
import { type CsvColumn, csvColumns } from "./csvColumns.js";
import { csvFields } from "./csvLine.js";
import { forEachLine } from "./forEachLine.js";
import type { Layer, LayerIndexes } from "./layer.js";

/** Whether a path names CSV ranges. */
export function isCsvPath(path: string): boolean {
  return /\.csv(?:\.gz)?$/i.test(path);
}

/**
 * Reads ranges from CSV, compressed with gzip or not, a line at a time. Ranges must be in ascending order within each
 * family and must not overlap. Throws `unreadable-database`, `unsupported-database` and `corrupt-database` with the line.
 */
export async function csvLayer(path: string, indexes: LayerIndexes, signal?: AbortSignal): Promise<Layer> {
  const rows = new CsvRows(path, indexes);
  await forEachLine(path, (line) => rows.add(line), signal);
  return rows.layer();
}

class CsvRows {
  readonly #path: string;
  readonly #indexes: LayerIndexes;
  readonly #ranges4 = new Ranges4Builder();
  readonly #ranges6 = new Ranges6Builder();
  /** The first address after the last range of each family. */
  #next4 = 0n;
  #next6 = 0n;
  #columns: readonly CsvColumn[] | undefined;
  #line = 0;
  /** Pair ids by the text after the range, which is the same on many lines. */
  readonly #pairIds = new Map<string, number>();

  constructor(path: string, indexes: LayerIndexes) {
    this.#path = path;
    this.#indexes = indexes;
  }

  add(line: string): void {
    this.#line++;
    if (line === "" || line.startsWith("#")) return;
    const fields = csvFields(this.#line === 1 ? line.replace(/^\uFEFF/, "") : line);
    if (this.#columns === undefined) {
      const layout = csvColumns(fields);
      if (layout === undefined) {
        const reason = `its first line has ${fields.length} columns, which is no known layout without names`;
        throw locateError("unsupported-database", { path: this.#path, reason });
      }
      this.#columns = layout.columns;
      if (layout.isHeader) return;
    }
    const { family, first, last } = this.#range(fields);
    this.#push(family, first, last, this.#pairId(fields));
  }

  layer(): Layer {
    if (this.#columns === undefined)
      throw locateError("unsupported-database", { path: this.#path, reason: "it is empty" });
    const covers4 = this.#next4 > 0n;
    const covers6 = this.#next6 > 0n;
    if (this.#next4 < 1n << 32n) this.#ranges4.push(Number(this.#next4), 0);
    if (this.#next6 < 1n << 128n) this.#push6(this.#next6, 0);
    return { ranges4: this.#ranges4.ranges(), ranges6: this.#ranges6.ranges(), covers4, covers6 };
  }

  #range(fields: readonly string[]): { family: 4 | 6; first: bigint; last: bigint } {
    const network = this.#field(fields, "network");
    try {
      if (network !== "") return parseNetwork(network);
    } catch (cause) {
      throw this.#corrupt(reasonOf(cause));
    }
    const [family, first] = this.#address(this.#field(fields, "first"));
    const [lastFamily, last] = this.#address(this.#field(fields, "last"));
    if (lastFamily !== family && first <= 0xffffffffn && family === 4) return { family: lastFamily, first, last };
    if (lastFamily !== family || last < first) throw this.#corrupt("its range ends before it begins");
    return { family, first, last };
  }

  #address(text: string): [4 | 6, bigint] {
    if (/^\d{1,39}$/.test(text)) return [BigInt(text) > 0xffffffffn ? 6 : 4, BigInt(text)];
    const words = new Uint32Array(4);
    const family = parseAddress(text, words);
    if (family === 0) throw this.#corrupt(`${JSON.stringify(text)} is not an IP address`);
    if (family === 4) return [4, BigInt(words[3]!)];
    return [6, words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n)];
  }

  #push(family: 4 | 6, first: bigint, last: bigint, id: number): void {
    const next = family === 4 ? this.#next4 : this.#next6;
    if (first < next) throw this.#corrupt("its range begins within or before an earlier one");
    if (family === 4) {
      if (first > next) this.#ranges4.push(Number(next), 0);
      this.#ranges4.push(Number(first), id);
      this.#next4 = last + 1n;
    } else {
      if (first > next) this.#push6(next, 0);
      this.#push6(first, id);
      this.#next6 = last + 1n;
    }
  }

  #push6(start: bigint, id: number): void {
    const word = (shift: bigint): number => Number((start >> shift) & 0xffffffffn);
    this.#ranges6.push(word(96n), word(64n), word(32n), word(0n), id);
  }

  #pairId(fields: readonly string[]): number {
    const key = fields.slice(this.#columns!.includes("network") ? 1 : 2).join("\0");
    let id = this.#pairIds.get(key);
    if (id === undefined) {
      id = this.#indexes.pairs.id(this.#placeId(fields), this.#networkId(fields));
      this.#pairIds.set(key, id);
    }
    return id;
  }

  #placeId(fields: readonly string[]): number {
    const { places: index } = this.#indexes;
    const code = this.#field(fields, "country").toUpperCase();
    const country = /^[A-Z]{2}$/.test(code) && code !== "ZZ" ? code : "";
    const region = this.#field(fields, "region");
    const city = this.#field(fields, "city");
    let [lat, lon] = [this.#number(fields, "lat"), this.#number(fields, "lon")];
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) lat = lon = Number.NaN;
    if (country === "" && region === "" && city === "") return 0;
    const precision: Precision = city !== "" ? "city" : region !== "" ? "region" : "country";
    const told = this.#number(fields, "accuracyKm");
    const iso = this.#field(fields, "regionIso");
    return index.id({
      ...{ country, region, city, lat, lon, precision, timeZone: this.#field(fields, "timeZone") },
      regionCode: iso === "" || iso.startsWith(`${country}-`) ? iso : `${country}-${iso}`,
      accuracyKm: told > 0 ? told : DEFAULT_ACCURACY_KM[precision],
    });
  }

  #networkId(fields: readonly string[]): number {
    const number = Number(this.#field(fields, "asn").replace(/^AS/i, ""));
    const asn = number > 0 && number < 2 ** 32 ? number : 0;
    const organization = this.#field(fields, "organization");
    return this.#indexes.networks.id({ asn, organization, name: "", tags: [], reserved: "" });
  }

  #field(fields: readonly string[], column: CsvColumn): string {
    return fields[this.#columns!.indexOf(column)]?.trim() ?? "";
  }

  #number(fields: readonly string[], column: CsvColumn): number {
    const text = this.#field(fields, column);
    return text === "" ? Number.NaN : Number(text);
  }

  #corrupt(reason: string): Error {
    return locateError("corrupt-database", { path: this.#path, reason: `line ${this.#line}: ${reason}` });
  }
}
