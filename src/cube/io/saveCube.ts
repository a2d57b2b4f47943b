import type { PlaceField } from "../../core/placeColumns.js";
import type { CubeParts } from "../cubeParts.js";
import { CUBE_PLACE_COLUMNS, ownPlaceColumns } from "../keys/cubePlaceColumns.js";
import type { CubePlaces } from "../keys/cubePlaces.js";
import { allMeasures, statesOf } from "../measures/measures.js";
import type { Segment } from "../segments/segment.js";
import { encodeIntegers, encodePlanes, encodeSteps } from "./columnCodec.js";
import { crc32, deflate } from "./deflate.js";

/** "GPCUBE" and the version of the format. */
export const CUBE_MAGIC = new Uint8Array([0x47, 0x50, 0x43, 0x55, 0x42, 0x45, 0, 1]);

/** What a saved cube says of itself, beside what its measures say of their columns; the columns follow it. */
export interface SavedHeader {
  readonly bucketMs: number;
  readonly resolution: number;
  readonly errorStatuses: readonly number[];
  readonly measures: readonly string[];
  readonly maxValues: number;
  readonly overflow: string;
  readonly firstTimeMs: number | null;
  readonly lastTimeMs: number | null;
  readonly outside: number;
  readonly firstBucket: number;
  readonly groups: number;
  readonly places: number;
  readonly longClients: number;
  readonly dimensions: readonly {
    readonly name: string;
    readonly overflowed: boolean;
    readonly values: readonly string[];
  }[];
  /** Values of the dictionaries of the places' columns, by the property of the dictionary. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** Columns of places beside those of every cube; absent where there are none. */
  readonly placeColumns?: Readonly<Record<string, PlaceField>>;
  /** Whether events are weighted, so that counts may have fractions. Absent if not. */
  readonly isWeighted?: boolean;
  readonly sections: readonly SavedSection[];
}

export interface SavedSection {
  readonly name: string;
  /** Bytes before and after compression. */
  readonly plain: number;
  readonly packed: number;
}

/**
 * A cube as bytes: magic and version, a checksum (CRC-32 of all that follows), the header's length, the header as
 * compressed JSON, and one compressed section a column. `loadCube` reads it back.
 *
 * A saved cube holds client addresses, and users as hashes.
 */
export function saveCube(parts: CubeParts): Uint8Array {
  const { segment } = parts;
  const states = statesOf(allMeasures(parts.settings), segment.schema.isWeighted).map((measure) =>
    measure.save(segment),
  );
  const columns: Record<string, Uint8Array> = {
    ...placeColumns(parts.places),
    ...keyColumns(segment),
    ...Object.assign({}, ...states.map((state) => state.columns)),
    ...Object.assign({}, ...states.map((state) => state.packed)),
    longClients: encodePlanes(parts.clients.longTable()),
  };
  const packed = Object.entries(columns).map(([name, plain]) => ({
    name,
    plain,
    bytes: deflate(plain, 1),
  }));
  const header: SavedHeader = {
    ...facts(parts),
    ...Object.assign({}, ...states.map((state) => state.facts)),
    ...(segment.schema.isWeighted && { isWeighted: true }),
    sections: packed.map(({ name, plain, bytes }) => ({ name, plain: plain.length, packed: bytes.length })),
  };
  return framed(
    header,
    packed.map(({ bytes }) => bytes),
  );
}

function facts(parts: CubeParts): Omit<SavedHeader, "isWeighted" | "sections"> {
  const { settings, segment, places } = parts;
  const own = ownPlaceColumns(places);
  return {
    bucketMs: settings.bucketMs,
    resolution: settings.resolution,
    errorStatuses: settings.errorStatuses,
    measures: [...settings.measures],
    maxValues: settings.maxValues,
    overflow: settings.overflow,
    firstTimeMs: Number.isFinite(parts.firstTimeMs) ? parts.firstTimeMs : null,
    lastTimeMs: Number.isFinite(parts.lastTimeMs) ? parts.lastTimeMs : null,
    outside: parts.outside,
    firstBucket: segment.firstBucket,
    groups: segment.length,
    places: places.length,
    longClients: parts.clients.longCount,
    dimensions: parts.dimensions.map(({ name, overflowed, dictionary }) => ({
      name,
      overflowed,
      values: dictionary.values,
    })),
    names: Object.fromEntries(
      [...places.fields].flatMap(([name, { dictionary }]) =>
        dictionary === undefined ? [] : [[dictionary, places.dictionaryOf(name).values]],
      ),
    ),
    ...(own.length > 0 ? { placeColumns: Object.fromEntries(own) } : {}),
  };
}

/** Codes as small integers, all else by the bytes of its values. */
function placeColumns(places: CubePlaces): Record<string, Uint8Array> {
  const n = places.length;
  return Object.fromEntries(
    [...places.fields].map(([name, { dictionary }]) => {
      const column = places.column(name);
      const isCode = dictionary !== undefined;
      return [placeSection(name), isCode ? encodeIntegers(column.subarray(0, n)) : encodePlanes(column.slice(0, n))];
    }),
  );
}

/** The section of a column of places; a column of one's own has a name that no other section has. */
export function placeSection(name: string): string {
  return name in CUBE_PLACE_COLUMNS ? name : `place.${name}`;
}

function keyColumns({ bucket, place, codes }: Segment): Record<string, Uint8Array> {
  return {
    bucket: encodeSteps(bucket),
    place: encodeSteps(place),
    ...Object.fromEntries(codes.map((column, d) => [`code${d}`, encodeIntegers(column)])),
  };
}

function framed(header: SavedHeader, sections: readonly Uint8Array[]): Uint8Array {
  const packedHeader = deflate(new TextEncoder().encode(JSON.stringify(header)));
  const lengths = new Uint8Array(8);
  new DataView(lengths.buffer).setUint32(4, packedHeader.length, true);
  const file = joined([CUBE_MAGIC, lengths, packedHeader, ...sections]);
  new DataView(file.buffer).setUint32(CUBE_MAGIC.length, crc32(file.subarray(CUBE_MAGIC.length + 4)), true);
  return file;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
