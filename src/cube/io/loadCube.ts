import { makeColumns } from "../../core/columns/columns.js";
import { Dictionary } from "../../core/dictionary.js";
import type { Column } from "../../core/grown.js";
import type { PlaceField } from "../../core/placeColumns.js";
import { CUBE_MEASURES, type CubeMeasure, type CubeSettings, cubeSettings } from "../cubeOptions.js";
import type { CubeParts } from "../cubeParts.js";
import { cubeError } from "../errors.js";
import { ClientCodes } from "../keys/clientCodes.js";
import { CubeDimension } from "../keys/cubeDimension.js";
import { CUBE_PLACE_COLUMNS, checkedPlaceColumns } from "../keys/cubePlaceColumns.js";
import { CubePlaces } from "../keys/cubePlaces.js";
import type { AnyMeasure } from "../measures/measure.js";
import { allMeasures, schemaOf, statesOf } from "../measures/measures.js";
import { type SavedState, savedCount } from "../measures/state/savedState.js";
import { completeState } from "../measures/state/stateSchema.js";
import { checkSegment } from "../segments/checkSegment.js";
import type { Segment, SegmentStates } from "../segments/segment.js";
import { decodeIntegers, decodePlanes, decodeSteps } from "./columnCodec.js";
import { crc32, inflate } from "./deflate.js";
import { CUBE_MAGIC, placeSection, type SavedHeader } from "./saveCube.js";

export interface LoadOptions {
  /** The most memory that the cube may take, in bytes; a file that would unpack to more is refused. Default 4 GiB. */
  readonly maxBytes?: number;
  /** Measures of your own that the cube may keep. Default none. */
  readonly measures?: readonly AnyMeasure[];
}

/** No header of a cube that fits in memory is larger than this, unpacked. */
const MAX_HEADER_BYTES = 2 ** 29;

/** Whether bytes begin as a saved cube does. */
export function isSavedCube(bytes: Uint8Array): boolean {
  return bytes.length >= CUBE_MAGIC.length && CUBE_MAGIC.every((byte, i) => i === 7 || bytes[i] === byte);
}

/** The cube that `saveCube` wrote. Throws `bad-cube-file`; whatever the bytes are, nothing else comes of them. */
export function loadCube(file: Uint8Array, options: LoadOptions = {}): CubeParts {
  const { maxBytes = 2 ** 32, measures = [] } = options;
  try {
    const { header, section } = unframed(file, maxBytes);
    return assembled(header, section, { maxBytes, measures });
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

function assembled(header: SavedHeader, section: Sections, options: Required<LoadOptions>): CubeParts {
  const settings = settingsOf(header, options);
  const places = placesOf(header, section);
  const dimensions = header.dimensions.map(({ name, overflowed, values }) => {
    const dimension = new CubeDimension(name, settings.maxValues, settings.overflow, dictionaryOf(values));
    dimension.overflowed = overflowed === true;
    return dimension;
  });
  const longWords = decodePlanes(section("longClients"), new Uint32Array(4 * savedCount(header.longClients)));
  const clients = ClientCodes.from(longWords);
  if (clients.longCount !== header.longClients) throw bad("an address occurs twice");
  const segment = segmentOf(header, section, settings);
  const values = dimensions.map((d) => d.dictionary.size);
  checkSegment(segment, { places: places.length, values, clients, measures: allMeasures(settings) });
  return {
    settings,
    places,
    dimensions,
    clients,
    segment,
    firstTimeMs: header.firstTimeMs ?? Number.POSITIVE_INFINITY,
    lastTimeMs: header.lastTimeMs ?? Number.NEGATIVE_INFINITY,
    outside: savedCount(header.outside),
  };
}

function settingsOf(header: SavedHeader, { maxBytes, measures: own }: Required<LoadOptions>): CubeSettings {
  return cubeSettings({
    bucketSeconds: header.bucketMs / 1000,
    resolution: header.resolution,
    dimensions: header.dimensions.map(({ name }) => String(name)),
    errors: header.errorStatuses,
    measures: savedMeasures(header.measures, own),
    maxValues: header.maxValues,
    overflow: header.overflow as "other",
    maxBytes,
  });
}

/** The measures that a file says it keeps. Throws `bad-cube-file` if one of them is unknown. */
export function savedMeasures(names: readonly string[], own: readonly AnyMeasure[]): (CubeMeasure | AnyMeasure)[] {
  return names.map((saved) => {
    const measure = CUBE_MEASURES.find((name) => name === saved) ?? own.find(({ name }) => name === saved);
    if (!measure) throw bad(`it keeps the measure ${saved}, which is to be given as one of \`measures\``);
    return measure;
  });
}

function placesOf(header: SavedHeader, section: Sections): CubePlaces {
  const n = savedCount(header.places);
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

function segmentOf(header: SavedHeader, section: Sections, settings: CubeSettings): Segment {
  const groups = savedCount(header.groups);
  const isWeighted = header.isWeighted === true;
  if (!Number.isSafeInteger(header.firstBucket)) throw bad("its first bucket is no number");
  const facts = header as unknown as Readonly<Record<string, unknown>>;
  const saved: SavedState = { groups, isWeighted, section, fact: (name) => facts[name] };
  const measures = allMeasures(settings);
  const states = statesOf(measures, isWeighted).map((measure) => measure.load(saved));
  const schema = schemaOf(measures, isWeighted);
  return {
    ...completeState<SegmentStates>(schema, groups, Object.assign({}, ...states)),
    schema,
    length: groups,
    firstBucket: header.firstBucket,
    bucket: decodeSteps(section("bucket"), new Uint32Array(groups)),
    place: decodeSteps(section("place"), new Uint32Array(groups)),
    codes: header.dimensions.map((_, d) => decodeIntegers(section(`code${d}`), new Uint32Array(groups))),
  };
}

function dictionaryOf(values: readonly string[]): Dictionary {
  const dictionary = Dictionary.from(values.map(String));
  if (values[0] !== "" || dictionary.size !== values.length) throw bad("a dictionary is not one");
  return dictionary;
}

const bad = (reason: string, cause?: unknown) => cubeError("bad-cube-file", { reason }, cause);
