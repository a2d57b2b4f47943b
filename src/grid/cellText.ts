import { gridError } from "./errors.js";

/** The H3 index of a cell as its usual fifteen hexadecimal digits; the empty string for the null cell. */
export function cellText(low: number, high: number): string {
  if (low === 0 && high === 0) return "";
  return high.toString(16) + low.toString(16).padStart(8, "0");
}

/**
 * The two halves of an H3 index, `[low, high]`, as unsigned 32-bit integers; `[0, 0]` for the empty string.
 *
 * Throws `bad-cell` where the text is not 15 or 16 hexadecimal digits. Whether such a cell exists is not checked.
 */
export function cellHalves(text: string): readonly [low: number, high: number] {
  if (text === "") return [0, 0];
  if (!/^[0-9a-f]{15,16}$/i.test(text)) throw gridError("bad-cell", { value: text });
  return [Number.parseInt(text.slice(-8), 16), Number.parseInt(text.slice(0, -8), 16)];
}
