/** Bytes of the smallest parts: a file's last, so that no thread is long idle at its end. */
const MIN_BYTES = 1 << 22;
/** Of the largest: enough lines for what a cube does once a batch to cost little, and memory that is soon touched. */
const MAX_BYTES = 1 << 24;
/** Of the parts that all threads read at a time: their columns wait in memory. */
const MAX_BYTES_AT_ONCE = 1 << 28;
/** A part is at most this share of what is left for a thread. */
const SHARE_OF_REST = 1 / 2;

/** Cuts a file for some threads: where each part begins, and where the last ends. Parts become smaller towards the end. */
export function chunkBounds(size: number, threads: number): Float64Array {
  const most = Math.min(MAX_BYTES, MAX_BYTES_AT_ONCE / threads);
  const bounds = [0];
  for (let at = 0; at < size; bounds.push(at)) {
    const share = (SHARE_OF_REST * (size - at)) / threads;
    at = Math.min(size, at + Math.floor(Math.max(MIN_BYTES, Math.min(most, share))));
  }
  return Float64Array.from(bounds);
}
