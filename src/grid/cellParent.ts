import { checkResolution } from "./errors.js";

/** The resolution of a cell, from the upper half of its index. */
export function cellResolution(high: number): number {
  return (high >>> 20) & 15;
}

/** Upper half of the parent at a coarser resolution. The cell must not be coarser than it. */
export function parentHigh(high: number, resolution: number): number {
  return ((high & ~0xf00000) | (resolution << 20) | maskHigh[resolution]!) >>> 0;
}

/** Lower half of the parent at a coarser resolution. */
export function parentLow(low: number, resolution: number): number {
  return (low | maskLow[resolution]!) >>> 0;
}

/**
 * Replaces cells by their parents at a resolution, in place. Cells as coarse or coarser stay as they are, and so do null cells.
 *
 * Throws `bad-resolution`.
 */
export function toParents(low: Uint32Array, high: Uint32Array, resolution: number): void {
  checkResolution(resolution);
  for (let i = 0; i < low.length; i++) {
    const h = high[i]!;
    if (cellResolution(h) <= resolution) continue;
    high[i] = parentHigh(h, resolution);
    low[i] = parentLow(low[i]!, resolution);
  }
}

/** An index holds three bits a digit, the coarsest uppermost; digits finer than the cell's resolution are all ones. */
const masks = Array.from({ length: 16 }, (_, resolution) => (1n << (3n * BigInt(15 - resolution))) - 1n);
const maskLow = Uint32Array.from(masks, (mask) => Number(mask & 0xffffffffn));
const maskHigh = Uint32Array.from(masks, (mask) => Number(mask >> 32n));
