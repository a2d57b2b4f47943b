import { REGISTER_COUNT } from "../../stats/distinctSketch.js";
import { cubeError } from "../errors.js";
import type { ClientCodes } from "../keys/clientCodes.js";
import { LATENCY_BINS } from "../measures/latencyStore.js";
import type { Segment } from "./segment.js";

/** What the numbers of a segment must stay below. */
export interface SegmentLimits {
  readonly places: number;
  /** Values of each dimension. */
  readonly values: readonly number[];
  readonly clients: ClientCodes;
}

/** A register never holds more than the zeros of 49 bits and one. */
const MAX_REGISTER = 50;

/** Throws `bad-cube-file` unless a segment that came from outside is one that a cube could have made. */
export function checkSegment(segment: Segment, limits: SegmentLimits): void {
  checkKeys(segment, limits);
  checkLatencies(segment);
  const { clients, users } = segment;
  for (let i = 0; i < clients.code.length; i++) must(limits.clients.has(clients.code[i]!), "a client is unknown");
  for (const [group, { registers, bound }] of clients.sketches) checkSketch(group, registers, segment, bound);
  for (const [group, registers] of users.sketches) checkSketch(group, registers, segment, 0);
}

function checkKeys({ bucket, place, codes, length }: Segment, limits: SegmentLimits): void {
  const columns = [bucket, place, ...codes];
  const sizes = [2 ** 32, limits.places, ...limits.values];
  for (let g = 0; g < length; g++) {
    let ascends = g === 0;
    for (let c = 0; c < columns.length; c++) {
      const value = columns[c]![g]!;
      must(value < sizes[c]!, "a group has an unknown place or value");
      if (ascends) continue;
      const before = columns[c]![g - 1]!;
      must(value >= before, "groups are out of order");
      ascends = value > before;
    }
    must(ascends, "a group occurs twice");
  }
}

function checkLatencies({ latencies, latencyCount, length }: Segment): void {
  const { start, words } = latencies;
  for (let g = 0; g < length; g++) {
    const from = start[g]!;
    const to = start[g + 1]!;
    const list = to - from === latencyCount[g]!;
    must(list || (to - from) % 3 === 0, "latencies are neither a list nor a histogram");
    let total = 0;
    for (let i = from; i < to; i += list ? 1 : 3) {
      must(words[i]! < LATENCY_BINS.count, "a latency has an unknown bin");
      total += list ? 1 : words[i + 1]! + 65536 * words[i + 2]!;
    }
    must(total === latencyCount[g]!, "latencies are miscounted");
  }
}

function checkSketch(group: number, registers: Uint8Array, segment: Segment, bound: number): void {
  must(group < segment.length && registers.length === REGISTER_COUNT, "a sketch belongs to no group");
  must(Number.isSafeInteger(bound) && bound >= 0, "a sketch has no bound");
  must(
    registers.every((register) => register <= MAX_REGISTER),
    "a register is too large",
  );
}

function must(holds: boolean, reason: string): void {
  if (!holds) throw cubeError("bad-cube-file", { reason });
}
