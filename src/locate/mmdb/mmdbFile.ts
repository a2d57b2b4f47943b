import type { WasmMemory } from "../../core/wasmKernel.js";

/** An .mmdb file whose frame is checked: its metadata is sane and its sections lie inside the file. */
export interface MmdbFile {
  readonly path: string;
  /** To be asked for anew when `memory` has grown. */
  readonly bytes: Uint8Array;
  /** Memory that kernels read, if the bytes lie in it, at `FILE_AT`. */
  readonly memory?: WasmMemory | undefined;
  readonly ipVersion: 4 | 6;
  /** 24, 28 or 32 bits. */
  readonly recordSize: number;
  readonly nodeCount: number;
  /** Where the data section begins and ends. */
  readonly dataStart: number;
  readonly dataEnd: number;
  /** `GeoLite2-City`, `DBIP-City-Lite`, `city ipv4` … */
  readonly databaseType: string;
  /** Epoch milliseconds; 0 where the file does not say. */
  readonly builtMs: number;
  readonly languages: readonly string[];
  /** English where there is one. */
  readonly description: string;
}
