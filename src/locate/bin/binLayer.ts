import { ipv4Text, ipv6Text } from "../../core/addressColumn.js";
import { isGeopivotError } from "../../core/errors.js";
import { embeddedIpv4 } from "../address/embeddedIpv4.js";
import { locateError, reasonOf } from "../errors.js";
import type { Layer, LayerIndexes } from "../sources/layer.js";
import { readDatabase } from "../sources/readDatabase.js";
import { runInSteps } from "../sources/runInSteps.js";
import type { TextColumn } from "../text/columnNames.js";
import { RangeCollector } from "../text/rangeCollector.js";
import { recordOfRow } from "../text/rowRecord.js";
import { type BinHeader, type BinRows, binHeader, rowStart } from "./binRows.js";

/** What IP2Location's package answers of an address. */
type BinRecord = Readonly<Record<string, unknown>>;

/** A BIN file as a layer, and when it was built: epoch milliseconds. */
export interface BinLayer {
  readonly layer: Layer;
  readonly builtMs: number;
}

const COLUMNS: readonly TextColumn[] = [
  ...(["country", "region", "city", "lat", "lon", "asn", "organization", "use", "carrier"] as const),
];

/**
 * Compiles a BIN file of IP2Location to ranges of pair ids. The rows are taken in their order here; what one says is asked
 * of IP2Location's own package, once for all rows that point at the same texts. Throws `unsupported-database` where the
 * package is not installed, `unreadable-database` and `corrupt-database`.
 */
export async function binLayer(path: string, indexes: LayerIndexes, signal?: AbortSignal): Promise<BinLayer> {
  const reader = await openReader(path);
  try {
    const bytes = await readDatabase(path, signal);
    const header = binHeader(bytes);
    const layer = await runInSteps(layerOfRows(bytes, header, reader.ask, indexes), signal);
    return { layer, builtMs: header.builtMs };
  } catch (cause) {
    signal?.throwIfAborted();
    if (isGeopivotError(cause)) throw cause;
    throw locateError("corrupt-database", { path, reason: reasonOf(cause) }, cause);
  } finally {
    reader.close();
  }
}

interface BinReader {
  readonly ask: (ip: string) => BinRecord;
  readonly close: () => void;
}

async function openReader(path: string): Promise<BinReader> {
  const { IP2Location } = await import("ip2location-nodejs").catch((cause: unknown) => {
    const reason = "files of IP2Location are read by their own package: npm install ip2location-nodejs";
    throw locateError("unsupported-database", { path, reason }, cause);
  });
  const reader = new IP2Location();
  reader.open(path);
  return { ask: (ip) => reader.getAll(ip) as unknown as BinRecord, close: () => void reader.close() };
}

/** After how many rows the work pauses. */
const ROWS_A_STEP = 2_000;

function* layerOfRows(
  bytes: Uint8Array,
  { rows }: BinHeader,
  ask: BinReader["ask"],
  indexes: LayerIndexes,
): Generator<undefined, Layer> {
  const ranges = new RangeCollector(false);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const table of rows) {
    const known = new Map<string, number>();
    const end = table.family === 4 ? 1n << 32n : 1n << 128n;
    let first = rowStart(view, table, 0);
    for (let row = 0; row < table.count; row++) {
      const next = row + 1 < table.count ? rowStart(view, table, row + 1) : end;
      if (next <= first && row + 1 < table.count)
        throw new Error(`its row ${row + 1} of IPv${table.family} is out of order`);
      // The address within carries its place, which the package answers too: asking would give that of another row.
      if (!carriesIpv4(table.family, first)) {
        const id = pairOf(bytes, table, row, known, () => recordOf(ask(textOf(table.family, first)), indexes));
        ranges.add({ family: table.family, first, last: next - 1n }, id);
      }
      first = next;
      if (row % ROWS_A_STEP === ROWS_A_STEP - 1) yield;
    }
  }
  return ranges.layer();
}

/** The pair of a row; rows that point at the same texts have the same. */
function pairOf(bytes: Uint8Array, table: BinRows, row: number, known: Map<string, number>, ask: () => number): number {
  const at = table.start + row * table.size;
  const skipped = table.family === 4 ? 4 : 16;
  const key = Buffer.from(bytes.buffer, bytes.byteOffset + at + skipped, table.size - skipped).toString("latin1");
  let id = known.get(key);
  if (id === undefined) known.set(key, (id = ask()));
  return id;
}

function recordOf(record: BinRecord, indexes: LayerIndexes): number {
  const text = (name: string): string => {
    const value = String(record[name] ?? "");
    return /^This (?:method|parameter)|^(?:MISSING_FILE|INVALID_IP_ADDRESS|IPV6_NOT_SUPPORTED)/.test(value)
      ? ""
      : value;
  };
  const carrier = text("mobileBrand") || text("mcc");
  const fields: Partial<Record<TextColumn, string>> = {
    country: text("countryShort"),
    region: text("region"),
    city: text("city"),
    lat: text("latitude"),
    lon: text("longitude"),
    asn: text("asn"),
    organization: text("as") || text("isp"),
    use: text("usageType") || text("netSpeed"),
    carrier,
  };
  return recordOfRow((column) => fields[column]?.trim() ?? "", COLUMNS, undefined, 0, indexes);
}

const word = (address: bigint, shift: bigint): number => Number((address >> shift) & 0xffffffffn);

function textOf(family: 4 | 6, address: bigint): string {
  if (family === 4) return ipv4Text(Number(address));
  return ipv6Text(word(address, 96n), word(address, 64n), word(address, 32n), word(address, 0n));
}

function carriesIpv4(family: 4 | 6, address: bigint): boolean {
  if (family === 4) return false;
  const [w0, w1, w2, w3] = [word(address, 96n), word(address, 64n), word(address, 32n), word(address, 0n)];
  return embeddedIpv4(w0, w1, w2, w3) >= 0 || (w0 === 0 && w1 === 0 && w2 === 0xffff);
}
