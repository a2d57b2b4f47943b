import type { JsonFormat } from "./jsonFormat.js";
import { JSON_FORMATS, NDJSON } from "./jsonFormats.js";

const MAX_DEPTH = 4;

/** The vendor's format that an object's fields tell; NDJSON if they tell none. */
export function jsonFormatOf(record: unknown): JsonFormat {
  const names = new Set<string>();
  addNames(record, "", names, 0);
  return JSON_FORMATS.find(({ signature }) => signature.some((set) => set.every((name) => names.has(name)))) ?? NDJSON;
}

/** Adds the dotted names of an object's fields. */
function addNames(record: unknown, prefix: string, into: Set<string>, depth: number): void {
  if (typeof record !== "object" || record === null || Array.isArray(record) || depth > MAX_DEPTH) return;
  for (const [key, value] of Object.entries(record)) {
    into.add(prefix + key);
    addNames(value, `${prefix}${key}.`, into, depth + 1);
  }
}
