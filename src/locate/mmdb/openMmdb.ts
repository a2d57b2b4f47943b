import { Reader } from "maxmind";
import type { WasmMemory } from "../../core/wasmKernel.js";
import { locateError, reasonOf } from "../errors.js";
import { withBytes } from "./fileMemory.js";
import type { MmdbFile } from "./mmdbFile.js";
import { MmdbValueReader } from "./mmdbValue.js";

const SEPARATOR_BYTES = 16;
const MARKER = Buffer.from("\xab\xcd\xefMaxMind.com", "latin1");
/** The format's own limit for how far from the end the metadata may begin. */
const MAX_METADATA_BYTES = 128 * 1024;

/**
 * Checks the frame of an .mmdb file. Throws `corrupt-database` or `unsupported-database`.
 *
 * @param memory - what `fileMemory` gave, if the bytes were read into it
 */
export function openMmdb(bytes: Uint8Array, path: string, memory?: WasmMemory): MmdbFile {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const marker = buffer.lastIndexOf(MARKER);
  if (marker < 0 || marker < buffer.length - MAX_METADATA_BYTES - MARKER.length) {
    throw locateError("unsupported-database", { path, reason: "it has no MaxMind DB metadata" });
  }
  const metadata = readMetadata(buffer, marker + MARKER.length, path);
  const { nodeCount, recordSize, ipVersion } = metadata;
  const fits = [24, 28, 32].includes(recordSize) && (ipVersion === 4 || ipVersion === 6);
  if (metadata.binaryFormatMajorVersion !== 2 || !fits) {
    const format = `format ${metadata.binaryFormatMajorVersion}, IPv${ipVersion}, ${recordSize}-bit records`;
    throw locateError("unsupported-database", { path, reason: `${format} are not supported` });
  }
  const dataStart = (nodeCount * recordSize) / 4 + SEPARATOR_BYTES;
  if (!Number.isSafeInteger(nodeCount) || nodeCount < 0 || dataStart > marker) {
    throw locateError("corrupt-database", { path, reason: `a search tree of ${nodeCount} nodes does not fit in it` });
  }
  const builtMs = metadata.buildEpoch.getTime();
  const file = {
    path,
    bytes,
    ipVersion: ipVersion as 4 | 6,
    recordSize,
    nodeCount,
    dataStart,
    dataEnd: marker,
    databaseType: String(metadata.databaseType ?? ""),
    builtMs: Number.isFinite(builtMs) ? builtMs : 0,
    languages: Array.isArray(metadata.languages) ? metadata.languages.map(String) : [],
    description: englishOf(metadata.description),
  };
  return memory === undefined ? file : withBytes(file, memory, bytes.length);
}

/** maxmind reads the metadata, after a look at whether it can do so in bounded time. */
function readMetadata(buffer: Buffer, start: number, path: string): Reader<never>["metadata"] {
  try {
    new MmdbValueReader(buffer, start, buffer.length).value(start);
    return new Reader<never>(buffer).metadata;
  } catch (cause) {
    throw locateError("corrupt-database", { path, reason: reasonOf(cause) }, cause);
  }
}

function englishOf(description: unknown): string {
  if (typeof description === "string") return description;
  if (typeof description !== "object" || description === null) return "";
  const byLanguage = description as Record<string, unknown>;
  return String(byLanguage.en ?? Object.values(byLanguage)[0] ?? "");
}
