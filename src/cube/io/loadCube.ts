import { makeColumns } from "../../core/columns/columns.js";
import { Dictionary } from "../../core/dictionary.js";
import type { Column } from "../../core/grown.js";
import type { PlaceField } from "../../core/placeColumns.js";
import { REGISTER_COUNT } from "../../stats/distinctSketch.js";
import { CUBE_MEASURES, type CubeMeasure, type CubeSettings, cubeSettings } from "../cubeOptions.js";
import type { CubeParts } from "../cubeParts.js";
import { cubeError } from "../errors.js";
import { ClientCodes } from "../keys/clientCodes.js";
import { CubeDimension } from "../keys/cubeDimension.js";
import { CUBE_PLACE_COLUMNS, checkedPlaceColumns } from "../keys/cubePlaceColumns.js";
import { CubePlaces } from "../keys/cubePlaces.js";
import { checkSegment } from "../segments/checkSegment.js";
import type { Segment } from "../segments/segment.js";
import { decodeIntegers, decodePlanes, decodeStarts, decodeSteps } from "./columnCodec.js";
import { crc32, inflate } from "./deflate.js";
import { CUBE_MAGIC, placeSection, type SavedHeader } from "./saveCube.js";

export interface LoadOptions {
  /** The most memory that the cube may take, in bytes; a file that would unpack to more is refused. Default 4 GiB. */
  readonly maxBytes?: number;
}

/** No header of a cube that fits in memory is larger than this, unpacked. */
const MAX_HEADER_BYTES = 2 ** 29;

/** Whether bytes begin as a saved cube does. */
export function isSavedCube(bytes: Uint8Array): boolean {
  return bytes.length >= CUBE_MAGIC.length && CUBE_MAGIC.every((byte, i) => i === 7 || bytes[i] === byte);
}

/** The cube that `saveCube` wrote. Throws `bad-cube-file`; whatever the bytes are, nothing else comes of them. */
export function loadCube(file: Uint8Array, options: LoadOptions = {}): CubeParts {
  const { maxBytes = 2 ** 32 } = options;
  try {
    const { header, section } = unframed(file, maxBytes);
    return assembled(header, section, maxBytes);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "bad-cube-file") throw error;
    throw bad("its header does not describe a cube", error);
  }
}

type Sections = (name: string) => Uint8Array;

function unframed(file: Uint8Array, maxBytes: number): { header: SavedHeader; section: Sections } {
  const start = CUBE_MAGIC.length + 8;
  if (!isSavedCube(file) || file.length < start) throw bad("it does not begin as one");
  if (file[7] !== CUBE_MAGIC[7]) throw bad(`its format is version ${file[7]}, this reads version ${CUBE_MAGIC[7]}`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (crc32(file.subarray(CUBE_MAGIC.length + 4)) !== view.getUint32(CUBE_MAGIC.length, true))
    throw bad("its checksum is wrong: it was cut short or changed");
  const headerEnd = start + view.getUint32(CUBE_MAGIC.length + 4, true);
  if (headerEnd > file.length) throw bad("its header ends early");
  const header = JSON.parse(
    new TextDecoder().decode(inflated(file.subarray(start, headerEnd), MAX_HEADER_BYTES)),
  ) as SavedHeader;
  let at = headerEnd;
  let plainTotal = 0;
  const places = new Map<string, { bytes: Uint8Array; plain: number }>();
  for (const { name, plain, packed } of header.sections) {
    if (!(Number.isSafeInteger(plain) && plain >= 0 && Number.isSafeInteger(packed) && packed >= 0))
      throw bad("a section has no length");
    plainTotal += plain;
    if (plainTotal > maxBytes) throw bad(`it would take more than ${maxBytes} bytes`);
    places.set(name, { bytes: file.subarray(at, at + packed), plain });
    at += packed;
  }
  const section: Sections = (name) => {
    const found = places.get(name);
    if (!found) throw bad(`section ${name} is missing`);
    const bytes = inflated(found.bytes, Math.max(1, found.plain));
    if (bytes.length !== found.plain) throw bad(`section ${name} has the wrong length`);
    return bytes;
  };
  return { header, section };
}

function inflated(bytes: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    return inflate(bytes, Math.min(maxOutputLength, 2 ** 32));
  } catch (cause) {
    throw bad("a section cannot be unpacked", cause);
  }
}

function assembled(header: SavedHeader, section: Sections, maxBytes: number): CubeParts {
  const settings = settingsOf(header, maxBytes);
  const places = placesOf(header, section);
  const dimensions = header.dimensions.map(({ name, overflowed, values }) => {
    const dimension = new CubeDimension(name, settings.maxValues, settings.overflow, dictionaryOf(values));
    dimension.overflowed = overflowed === true;
    return dimension;
  });
  const longWords = decodePlanes(section("longClients"), new Uint32Array(4 * count(header.longClients)));
  const clients = ClientCodes.from(longWords);
  if (clients.longCount !== header.longClients) throw bad("an address occurs twice");
  const segment = segmentOf(header, section);
  checkSegment(segment, { places: places.length, values: dimensions.map((d) => d.dictionary.size), clients });
  return {
    settings,
    places,
    dimensions,
    clients,
    segment,
    firstTimeMs: header.firstTimeMs ?? Number.POSITIVE_INFINITY,
    lastTimeMs: header.lastTimeMs ?? Number.NEGATIVE_INFINITY,
    outside: count(header.outside),
  };
}

function settingsOf(header: SavedHeader, maxBytes: number): CubeSettings {
  return cubeSettings({
    bucketSeconds: header.bucketMs / 1000,
    resolution: header.resolution,
    dimensions: header.dimensions.map(({ name }) => String(name)),
    errors: header.errorStatuses,
    measures: CUBE_MEASURES.filter((measure: CubeMeasure) => header.measures.includes(measure)),
    maxValues: header.maxValues,
    overflow: header.overflow as "other",
    maxBytes,
  });
}

function placesOf(header: SavedHeader, section: Sections): CubePlaces {
  const n = count(header.places);
  const own = checkedPlaceColumns(header.placeColumns);
  const names: Record<string, Dictionary> = {};
  const columns: Record<string, Column> = makeColumns({ ...CUBE_PLACE_COLUMNS, ...own }, n);
  const known = new Set(header.sections.map(({ name }) => name));
  for (const [name, field] of Object.entries<PlaceField>({ ...CUBE_PLACE_COLUMNS, ...own })) {
    const { dictionary, unknown, isOptional } = field;
    if (isOptional === true && !known.has(placeSection(name))) {
      columns[name]!.fill(unknown);
      continue;
    }
    const bytes = section(placeSection(name));
    if (dictionary === undefined) decodePlanes(bytes, columns[name]!);
    else {
      decodeIntegers(bytes, columns[name] as Uint32Array);
      names[dictionary] = dictionaryOf(header.names[dictionary]!);
    }
  }
  return CubePlaces.fromColumns(header.resolution, { length: n, names, columns, fields: own });
}

function segmentOf(header: SavedHeader, section: Sections): Segment {
  const n = count(header.groups);
  const integers = (name: string, length = n): Uint32Array => decodeIntegers(section(name), new Uint32Array(length));
  if (!Number.isSafeInteger(header.firstBucket)) throw bad("its first bucket is no number");
  const latencyStart = decodeStarts(section("latencyStart"), n);
  const clientStart = decodeStarts(section("clientStart"), n);
  const userStart = decodeStarts(section("userStart"), n);
  const clientRows = clientStart[n]!;
  const userRows = userStart[n]!;
  return {
    length: n,
    firstBucket: header.firstBucket,
    bucket: decodeSteps(section("bucket"), new Uint32Array(n)),
    place: decodeSteps(section("place"), new Uint32Array(n)),
    codes: header.dimensions.map((_, d) => integers(`code${d}`)),
    count: integers("count"),
    errors: integers("errors"),
    clientErrors: integers("clientErrors"),
    denied: integers("denied"),
    latencyCount: integers("latencyCount"),
    bytes: header.wholeBytes
      ? decodeIntegers(section("bytes"), new Float64Array(n))
      : decodePlanes(section("bytes"), new Float64Array(n)),
    latencies: {
      start: latencyStart,
      words: decodePlanes(section("latencyWords"), new Uint16Array(latencyStart[n]!)),
    },
    clients: {
      start: clientStart,
      code: repeated(section("clientCode"), () => section("clientIndex"), header.distinctClients, clientRows),
      count: integers("clientCount", clientRows),
      errors: integers("clientErrorCount", clientRows),
      sketches: clientSketches(section),
    },
    users: {
      start: userStart,
      low: repeated(section("userLow"), () => section("userIndex"), header.distinctUsers, userRows),
      high: repeated(section("userHigh"), () => section("userIndex"), header.distinctUsers, userRows),
      sketches: new Map(registersOf(section("userRegisters"), section("userSketchGroups"))),
    },
  };
}

/** Values that stand by themselves, or behind an index. */
function repeated(planes: Uint8Array, index: () => Uint8Array, distinct: number, rows: number): Uint32Array {
  if (distinct === 0) return decodePlanes(planes, new Uint32Array(rows));
  const values = decodePlanes(planes, new Uint32Array(count(distinct)));
  const at = decodeIntegers(index(), new Uint32Array(rows));
  for (let i = 0; i < rows; i++) {
    if (at[i]! >= values.length) throw bad("an index points nowhere");
    at[i] = values[at[i]!]!;
  }
  return at;
}

function clientSketches(section: Sections): Segment["clients"]["sketches"] {
  const registers = registersOf(section("clientRegisters"), section("clientSketchGroups"));
  const bounds = decodeIntegers(section("clientSketchBounds"), new Float64Array(registers.length));
  return new Map(registers.map(([group, bytes], i) => [group, { registers: bytes, bound: bounds[i]! }]));
}

function registersOf(bytes: Uint8Array, groups: Uint8Array): [group: number, registers: Uint8Array][] {
  const n = bytes.length / REGISTER_COUNT;
  if (!Number.isInteger(n)) throw bad("sketches have the wrong length");
  const numbers = decodeIntegers(groups, new Uint32Array(n));
  return Array.from(numbers, (group, i) => [group, bytes.slice(i * REGISTER_COUNT, (i + 1) * REGISTER_COUNT)]);
}

function dictionaryOf(values: readonly string[]): Dictionary {
  const dictionary = Dictionary.from(values.map(String));
  if (values[0] !== "" || dictionary.size !== values.length) throw bad("a dictionary is not one");
  return dictionary;
}

function count(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0 || value > 2 ** 32) throw bad("a count is no count");
  return value;
}

const bad = (reason: string, cause?: unknown) => cubeError("bad-cube-file", { reason }, cause);
