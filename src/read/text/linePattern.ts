import type { FieldMeanings } from "../fields/fieldMap.js";
import type { RowWriter } from "../fields/rowWriter.js";
import type { TextFormat } from "../format/textFormats.js";
import type { BoundField, LinePattern } from "./patternScanner.js";

/** Binds a format's fields to the rows that a writer writes, under a user's mapping. */
export function linePattern(
  format: TextFormat,
  writer: RowWriter,
  map: (base: FieldMeanings) => FieldMeanings,
): LinePattern {
  const { pieces } = format;
  const own = new Map(
    pieces.flatMap((piece) => (typeof piece === "string" ? [] : [[piece.name, piece.means] as const])),
  );
  const meanings = map((name) => own.get(name)!);
  const fields: BoundField[] = [];
  let optionalFrom = Number.POSITIVE_INFINITY;
  pieces.forEach((piece, i) => {
    if (typeof piece === "string") return;
    if (piece.name === format.optionalFrom) optionalFrom = fields.length;
    const before = pieces[i - 1];
    const after = pieces[i + 1];
    fields.push({
      field: writer.field(meanings(piece.name)),
      list: piece.list ?? false,
      quoted: typeof before === "string" && before.endsWith('"'),
      until: encoder.encode(typeof after === "string" ? after : ""),
    });
  });
  const start = typeof pieces[0] === "string" ? encoder.encode(pieces[0]) : new Uint8Array(0);
  const skips = (format.skips ?? []).map((text) => encoder.encode(text));
  return { start, fields, optionalFrom, skips };
}

const encoder = new TextEncoder();
