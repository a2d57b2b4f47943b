import { type Column, type Table, tableFromIPC } from "@uwdata/flechette";
import { cellHalves } from "../../grid/cellText.js";
import { checkArrow } from "../../read/source/checkArrow.js";
import { checkOffsets } from "../../read/source/checkOffsets.js";
import { REGISTER_COUNT } from "../../stats/distinctSketch.js";
import { Cube, type CubeParts, emptyParts } from "../cube.js";
import { CUBE_MEASURES, type CubeSettings, cubeSettings } from "../cubeOptions.js";
import { cubeError } from "../errors.js";
import type { ClientSketch } from "../measures/clientStore.js";
import { checkSegment } from "../segments/checkSegment.js";
import type { Segment } from "../segments/segment.js";
import { ARROW_METADATA, dimensionColumn } from "./cubeToArrow.js";

/**
 * The cube that `cubeToArrow` wrote, with `sketches`. Rows may have been filtered or reordered in between, not changed.
 *
 * Throws `bad-cube-file`.
 */
export function cubeFromArrow(bytes: Uint8Array): Cube {
  try {
    checkArrow(bytes);
    const table = tableFromIPC(bytes, { useBigInt: true });
    checkOffsets(table);
    return read(table);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "bad-cube-file") throw error;
    throw cubeError("bad-cube-file", { reason: "it is no Arrow table of a cube" }, error);
  }
}

interface Facts extends Omit<CubeSettings, "measures"> {
  readonly measures: readonly string[];
  readonly firstTimeMs: number | null;
  readonly lastTimeMs: number | null;
  readonly outside: number;
}

function read(table: Table): Cube {
  const metadata = table.schema.metadata?.get(ARROW_METADATA);
  if (!metadata) throw cubeError("bad-cube-file", { reason: `the schema's metadata lacks ${ARROW_METADATA}` });
  const facts = JSON.parse(metadata) as Facts;
  const settings = cubeSettings({
    ...{ bucketSeconds: facts.bucketMs / 1000, resolution: facts.resolution, dimensions: facts.dimensions },
    ...{ errors: facts.errorStatuses, measures: CUBE_MEASURES.filter((measure) => facts.measures.includes(measure)) },
    ...{ maxValues: facts.maxValues, overflow: facts.overflow, maxBytes: facts.maxBytes },
  });
  const parts = emptyParts(settings);
  const order = rowOrder(table, parts);
  const segment = segmentOf(table, parts, order);
  const values = parts.dimensions.map((d) => d.dictionary.size);
  checkSegment(segment, { places: parts.places.length, values, clients: parts.clients });
  return new Cube({
    ...parts,
    segment,
    firstTimeMs: facts.firstTimeMs ?? Number.POSITIVE_INFINITY,
    lastTimeMs: facts.lastTimeMs ?? Number.NEGATIVE_INFINITY,
    outside: facts.outside,
  });
}

/** Rows of the table in the order of the cube's keys, with those keys. */
interface OrderedRows {
  readonly rows: Uint32Array;
  readonly firstBucket: number;
  readonly bucket: Uint32Array;
  readonly place: Uint32Array;
  readonly codes: readonly Uint32Array[];
}

function rowOrder(table: Table, parts: CubeParts): OrderedRows {
  const n = table.numRows;
  const text = (name: string): string[] => Array.from(columnOf(table, name), (value) => String(value ?? ""));
  const number = (name: string): number[] => Array.from(columnOf(table, name), (value) => Number(value ?? Number.NaN));
  const buckets = number("time").map((timeMs) => Math.floor(timeMs / parts.settings.bucketMs));
  const firstBucket = buckets.reduce((least, bucket) => Math.min(least, bucket), Number.POSITIVE_INFINITY);
  const [country, region, regionCode, city] = ["country", "region", "region_code", "city"].map(text);
  const [timeZone, cell] = ["time_zone", "cell"].map(text);
  const [lat, lon, accuracyKm] = ["lat", "lon", "accuracy_km"].map(number);
  const place = Uint32Array.from({ length: n }, (_, i) => {
    const [cellLow, cellHigh] = cell![i] === "" ? [0, 0] : cellHalves(cell![i]!);
    return parts.places.rowOf({
      ...{ country: country![i]!, region: region![i]!, regionCode: regionCode![i]!, city: city![i]! },
      ...{ timeZone: timeZone![i]!, lat: lat![i]!, lon: lon![i]!, accuracyKm: accuracyKm![i]!, cellLow, cellHigh },
    });
  });
  const codes = parts.dimensions.map((dimension) =>
    Uint32Array.from(text(dimensionColumn(dimension.name)), (value) => dimension.code(value)),
  );
  const keys = [Uint32Array.from(buckets, (bucket) => bucket - firstBucket), place, ...codes];
  const rows = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => {
    for (const key of keys) if (key[a] !== key[b]) return key[a]! - key[b]!;
    return 0;
  });
  const sorted = keys.map((key) => rows.map((row) => key[row]!));
  return { rows, firstBucket: n > 0 ? firstBucket : 0, bucket: sorted[0]!, place: sorted[1]!, codes: sorted.slice(2) };
}

function segmentOf(table: Table, parts: CubeParts, order: OrderedRows): Segment {
  const { rows, firstBucket, bucket, place, codes } = order;
  const at = (name: string): ((row: number) => unknown) => {
    const column = columnOf(table, name);
    return (row) => column.at(row);
  };
  const counts = (name: string): Uint32Array =>
    Uint32Array.from(
      rows,
      (
        (of) => (row: number) =>
          Number(of(row))
      )(at(name)),
    );
  const listsOf = (name: string): number[][] => {
    const of = at(name);
    return Array.from(rows, (row) => Array.from((of(row) ?? []) as Iterable<number>, Number));
  };
  return {
    ...{ length: rows.length, firstBucket, bucket, place, codes },
    ...{
      count: counts("count"),
      errors: counts("errors"),
      clientErrors: counts("client_errors"),
      denied: counts("denied"),
    },
    bytes: Float64Array.from(
      rows,
      (
        (of) => (row: number) =>
          Number(of(row))
      )(at("bytes")),
    ),
    ...latenciesOf(listsOf("latency_bin"), listsOf("latency_weight")),
    clients: clientsOf(table, parts, rows, listsOf),
    users: usersOf(table, rows),
  };
}

function latenciesOf(bins: number[][], weights: number[][]): Pick<Segment, "latencies" | "latencyCount"> {
  const start = new Uint32Array(bins.length + 1);
  const words: number[] = [];
  const latencyCount = new Uint32Array(bins.length);
  bins.forEach((own, g) => {
    const total = weights[g]!.reduce((sum, weight) => sum + weight, 0);
    latencyCount[g] = total;
    if (total === own.length) for (const bin of own) words.push(bin);
    else
      own.forEach((bin, i) => {
        words.push(bin, weights[g]![i]! & 0xffff, weights[g]![i]! >>> 16);
      });
    start[g + 1] = words.length;
  });
  return { latencies: { start, words: Uint16Array.from(words) }, latencyCount };
}

function clientsOf(
  table: Table,
  { clients }: CubeParts,
  rows: Uint32Array,
  listsOf: (name: string) => number[][],
): Segment["clients"] {
  const addresses = columnOf(table, "client_address");
  const bounds = columnOf(table, "client_bound");
  const code: number[] = [];
  const start = new Uint32Array(rows.length + 1);
  const sketches = new Map<number, ClientSketch>();
  const registers = registersOf(columnOf(table, "client_registers"), rows);
  rows.forEach((row, g) => {
    for (const bytes of (addresses.at(row) ?? []) as Iterable<Uint8Array>) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
      code.push(clients.codeOf(view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12)));
    }
    start[g + 1] = code.length;
    const own = registers.get(g);
    if (own) sketches.set(g, { registers: own, bound: Number(bounds.at(row)) });
  });
  const [count, errors] = [listsOf("client_count"), listsOf("client_error_count")].map((lists) =>
    Uint32Array.from(lists.flat()),
  );
  if (count!.length !== code.length || errors!.length !== code.length)
    throw cubeError("bad-cube-file", { reason: "clients and their counts differ in number" });
  return { start, code: Uint32Array.from(code), count: count!, errors: errors!, sketches };
}

function usersOf(table: Table, rows: Uint32Array): Segment["users"] {
  const hashes = columnOf(table, "user_hash");
  const start = new Uint32Array(rows.length + 1);
  const all: bigint[] = [];
  rows.forEach((row, g) => {
    for (const hash of (hashes.at(row) ?? []) as Iterable<bigint | number>) all.push(BigInt(hash));
    start[g + 1] = all.length;
  });
  return {
    start,
    low: Uint32Array.from(all, (hash) => Number(hash & 0xffffffffn)),
    high: Uint32Array.from(all, (hash) => Number(hash >> 32n)),
    sketches: registersOf(columnOf(table, "user_registers"), rows),
  };
}

function registersOf(column: Column<unknown>, rows: Uint32Array): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  rows.forEach((row, g) => {
    const bytes = column.at(row) as Uint8Array | null;
    if (!bytes || bytes.length === 0) return;
    if (bytes.length !== REGISTER_COUNT) throw cubeError("bad-cube-file", { reason: "a sketch has the wrong length" });
    found.set(g, bytes.slice());
  });
  return found;
}

function columnOf(table: Table, name: string): Column<unknown> {
  const column = table.getChild(name) as Column<unknown> | null | undefined;
  if (!column) throw cubeError("bad-cube-file", { reason: `column ${name} is missing` });
  return column;
}
