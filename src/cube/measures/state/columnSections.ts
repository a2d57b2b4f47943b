import type { Column } from "../../../core/grown.js";
import { decodeIntegers, decodePlanes, encodeIntegers, encodePlanes } from "../../io/columnCodec.js";
import { COUNT_STEP, type SavedState } from "./savedState.js";
import type { ColumnType } from "./stateSchema.js";

/** A column with a row a group as a section of a saved cube: whole numbers where it holds counts, which it mostly does. */
export function saveColumn(column: Column, type: ColumnType): Uint8Array {
  if (type === "f64") return encodePlanes(column as Float64Array);
  if (column instanceof Float64Array) return encodeIntegers(column.map((count) => count / COUNT_STEP));
  return encodeIntegers(column);
}

/** Reads what {@link saveColumn} wrote, in the section of that name. Throws `bad-cube-file`. */
export function loadColumn({ section, groups, isWeighted }: SavedState, name: string, type: ColumnType): Column {
  if (type === "f64") return decodePlanes(section(name), new Float64Array(groups));
  if (type === "u16") return Uint16Array.from(decodeIntegers(section(name), new Uint32Array(groups)));
  if (type === "u32" || !isWeighted) return decodeIntegers(section(name), new Uint32Array(groups));
  return decodeIntegers(section(name), new Float64Array(groups)).map((steps) => steps * COUNT_STEP);
}
