import type { Events } from "../../core/events.js";

/** The memory that a batch's columns are in, each buffer once. */
export function batchBuffers(batch: Events): ArrayBufferLike[] {
  const { client, user } = batch;
  const columns = [
    ...(batch.weight ? [batch.weight] : []),
    ...[batch.timeMs, batch.place, batch.network, batch.status, batch.latencyMs, batch.bytes],
    ...[client.family, client.value, client.words],
    ...[user.low, user.high, user.bytes, user.starts, user.ends],
    ...[...batch.dimensions.values()].map(({ codes }) => codes),
  ];
  return [...new Set(columns.map(({ buffer }) => buffer))];
}
