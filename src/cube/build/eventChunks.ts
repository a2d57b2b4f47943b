import type { EncodedEvents } from "../keys/encodedEvents.js";
import { BLOCK_ROWS } from "../keys/timeBlocks.js";

/** Rows that are worth a chunk: what they hold, and the groups they fall into, then stay in a fast cache. */
const CHUNK_ROWS = 4096;
/** The most keys that a chunk is let have before it has rows enough. */
const CHUNK_KEYS = 2 ** 20;
/** Rows of a block whose buckets are in several chunks are looked at for each: no more than so many times on average. */
const MAX_VISITS = 3;

/** Some neighbouring buckets of a batch, and where their rows are. */
export interface EventChunk {
  /** Buckets [from, to), counted from the batch's first. */
  readonly from: number;
  readonly to: number;
  /** Blocks that have rows of them, and perhaps others. */
  readonly blocks: readonly number[] | Uint32Array;
}

/** The first and the last bucket of each block, counted from the batch's first. */
export interface BlockBuckets {
  readonly low: Int32Array;
  readonly high: Int32Array;
}

export function blockBuckets({ blocks, bucketMs, firstBucket }: EncodedEvents): BlockBuckets {
  const count = blocks.low.length;
  const [low, high] = [new Int32Array(count), new Int32Array(count)];
  for (let block = 0; block < count; block++) {
    low[block] = Math.floor(blocks.low[block]! / bucketMs) - firstBucket;
    high[block] = Math.floor(blocks.high[block]! / bucketMs) - firstBucket;
  }
  return { low, high };
}

/**
 * Cuts a batch by bucket. Logs are nearly in order of time, so a chunk's rows are nearly side by side; where they are not,
 * and chunks would go through the same blocks over and over, there is one chunk.
 *
 * @param keys - how many groups a bucket may have
 */
export function eventChunks(events: EncodedEvents, buckets: BlockBuckets, keys: number): EventChunk[] {
  const cuts = [...cutsOf(events, buckets, keys), events.sizes[0]!];
  const chunks = cuts.slice(1).map((to, c) => ({ from: cuts[c]!, to, blocks: [] as number[] }));
  const count = buckets.low.length;
  let visits = 0;
  let first = 0;
  for (let block = 0; block < count; block++) {
    const low = buckets.low[block]!;
    const high = buckets.high[block]!;
    while (chunks[first]!.from > low) first--;
    while (chunks[first]!.to <= low) first++;
    for (let c = first; c < chunks.length && chunks[c]!.from <= high; c++, visits++) chunks[c]!.blocks.push(block);
    if (visits > MAX_VISITS * count + chunks.length)
      return [{ from: 0, to: events.sizes[0]!, blocks: Uint32Array.from({ length: count }, (_, b) => b) }];
  }
  return chunks.filter(({ blocks }) => blocks.length > 0);
}

/** Where chunks begin, ascending. */
function cutsOf({ length }: EncodedEvents, { low }: BlockBuckets, keys: number): number[] {
  const cuts = [0];
  let last = 0;
  let from = 0;
  for (let block = 1; block < low.length; block++) {
    const bucket = low[block]!;
    const rows = Math.min(length, block * BLOCK_ROWS) - from;
    if (bucket <= last || (rows < CHUNK_ROWS && (bucket - last) * keys < CHUNK_KEYS)) continue;
    cuts.push(bucket);
    last = bucket;
    from += rows;
  }
  return cuts;
}
