import type { LineMemory } from "../../core/pools/lineMemory.js";
import type { EventColumns } from "../columns/eventColumns.js";
import { type FieldMeanings, type FieldNames, keepDimensions, mapFields, noteNames } from "../fields/fieldMap.js";
import { knownColumn, UNIT_SCALE } from "../fields/knownFields.js";
import { meaning, ROLE } from "../fields/role.js";
import { type Field, RowWriter } from "../fields/rowWriter.js";
import type { LocalToUtc } from "../fields/timeBytes.js";
import { JsonDocumentDecoder } from "../json/jsonDocumentDecoder.js";
import { JsonLineDecoder } from "../json/jsonLineDecoder.js";
import { JsonRow } from "../json/jsonRow.js";
import { JsonScanner } from "../json/jsonScanner.js";
import type { ObjectWriter } from "../json/readJsonLine.js";
import type { LineDecoder, LineSink } from "../lineDecoder.js";
import type { CombinedFields } from "../text/combinedLine.js";
import { CombinedScanner } from "../text/combinedScanner.js";
import { DelimitedScanner } from "../text/delimitedScanner.js";
import { linePattern } from "../text/linePattern.js";
import { PairsScanner } from "../text/pairsScanner.js";
import { PatternScanner } from "../text/patternScanner.js";
import { W3cScanner } from "../text/w3cScanner.js";
import type { Format } from "./formats.js";
import { jsonFormatOf } from "./jsonFormatOf.js";

/** How values become columns, whatever the format. */
export interface DecodeOptions {
  readonly map?: FieldNames | undefined;
  readonly dimensions?: readonly string[] | undefined;
  readonly trusted?: readonly string[] | undefined;
  readonly localToUtc?: LocalToUtc | undefined;
  /** Takes the names of all fields that the lines have, where a mapping names some. */
  readonly met?: Set<string> | undefined;
  /** When the line that is being read was written, of lines inside of others. */
  readonly envelope?: { timeMs(): number } | undefined;
}

/**
 * A decoder of a format's lines into the columns.
 *
 * @param memory - where the lines mostly lie, if kernels can read them there
 */
export function makeDecoder(
  format: Format,
  columns: EventColumns,
  options: DecodeOptions,
  sink: LineSink,
  memory?: LineMemory,
): LineDecoder {
  const addressless = "addressless" in format && format.addressless === true;
  const writer = new RowWriter(columns, { ...options, addressless });
  const meanings = (base: FieldMeanings): FieldMeanings =>
    noteNames(keepDimensions(mapFields(base, options.map), options.dimensions), options.met);
  switch (format.kind) {
    case "json": {
      const row = new JsonRow(writer, meanings(format.fields));
      const { only } = format;
      if (only !== undefined) return new JsonLineDecoder(columns, row, undefined, sink, only);
      if (format.older === undefined) return new JsonScanner(columns, row, sink, { memory });
      const older = { field: format.older.field, row: new JsonRow(writer, meanings(format.older.fields)) };
      return new JsonLineDecoder(columns, row, older, sink);
    }
    case "document":
      return new JsonDocumentDecoder(columns, documentWriter(writer, meanings), sink);
    case "text":
      return new PatternScanner(columns, writer, linePattern(format, writer, meanings), sink);
    case "combined":
      return new CombinedScanner(columns, writer, combinedFields(writer, meanings), sink);
    case "pairs":
      return new PairsScanner(columns, writer, meanings(format.fields), format, sink);
    case "w3c":
      return new W3cScanner(columns, writer, meanings, sink);
    case "delimited":
      return new DelimitedScanner(columns, writer, meanings(format.fields ?? knownColumn), format.separator, sink);
  }
}

/** Objects of a document are of the format that their own fields tell. */
function documentWriter(writer: RowWriter, meanings: (base: FieldMeanings) => FieldMeanings): ObjectWriter {
  const rows = new Map<string, JsonRow>();
  const rowOf = (name: string, fields: FieldMeanings): JsonRow => {
    const row = rows.get(name) ?? new JsonRow(writer, meanings(fields));
    rows.set(name, row);
    return row;
  };
  return {
    write(value) {
      const format = jsonFormatOf(value);
      const older = format.older !== undefined && Object.hasOwn(value as object, format.older.field);
      return older
        ? rowOf(`${format.name} older`, format.older!.fields).write(value)
        : rowOf(format.name, format.fields).write(value);
    },
  };
}

function combinedFields(writer: RowWriter, meanings: (base: FieldMeanings) => FieldMeanings): CombinedFields {
  const names = meanings((name) => COMBINED_MEANINGS[name]!);
  const field = (name: string): Field => writer.field(names(name));
  const made = new Map<string, Field>();
  const rare = (name: string): Field => {
    const known = made.get(name) ?? field(name);
    made.set(name, known);
    return known;
  };
  return {
    rare,
    time: field("time"),
    address: field("ip"),
    user: field("user"),
    request: field("request"),
    status: field("status"),
    bytes: field("bytes"),
    referrer: field("referrer"),
    userAgent: field("user_agent"),
  };
}

const COMBINED_MEANINGS: Readonly<Record<string, ReturnType<typeof meaning>>> = {
  time: meaning(ROLE.time),
  ip: meaning(ROLE.address),
  user: meaning(ROLE.user),
  request: meaning(ROLE.request, { rank: 1000 }),
  status: meaning(ROLE.status),
  bytes: meaning(ROLE.bytes),
  referrer: meaning(ROLE.dimension, { dimension: "referrer" }),
  host: meaning(ROLE.dimension, { dimension: "host" }),
  forwarded_for: meaning(ROLE.forwardedFor),
  latency_s: meaning(ROLE.latency, { scale: UNIT_SCALE.s }),
  user_agent: meaning(ROLE.dimension, { dimension: "user_agent" }),
};
