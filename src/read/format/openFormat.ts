import { readError } from "../errors.js";
import { detectFormat } from "./detectFormat.js";
import { type Format, formatOf } from "./formats.js";
import { looksBinary } from "./looksBinary.js";
import type { DecodeOptions } from "./makeDecoder.js";
import { wayToRead } from "./wayToRead.js";

/** How much of a source its format is told from. */
export const HEAD_BYTES = 65_536;

/**
 * The format of a source: the one asked for, or the one that its first lines tell; undefined if they are blank.
 *
 * @param head - the first lines, complete
 * @throws `binary-input`, `unknown-format`, `bad-format`, `bad-format-string`
 */
export function openFormat(file: string, head: Uint8Array, asked: string, options: DecodeOptions): Format | undefined {
  const binary = looksBinary(head);
  if (binary !== undefined) throw readError("binary-input", { file, looksLike: binary });
  const format = asked === "auto" ? detectFormat(head, options) : formatOf(asked);
  if (format !== undefined) return format;
  const text = new TextDecoder().decode(head).trimStart();
  if (text === "") return undefined;
  const firstLine = text.split("\n", 1)[0]!.slice(0, 200);
  throw readError("unknown-format", { file, firstLine, way: wayToRead(firstLine) });
}

/** The complete lines among the first bytes of a source; all bytes if there is no complete line. */
export function headLines(bytes: Uint8Array): Uint8Array {
  const head = bytes.slice(0, HEAD_BYTES);
  return head.subarray(0, head.lastIndexOf(10) + 1 || head.length);
}
