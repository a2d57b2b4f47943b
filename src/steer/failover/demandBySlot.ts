import { HOUR_MS } from "../../core/time.js";
import type { Cube } from "../../cube/cube.js";
import { planError } from "./errors.js";

/** Hours of a week. Slot 0 is Monday, 00:00 UTC. */
export const SLOTS = 168;

/** What each place asks for in each hour of the week, by the priority of its services. */
export interface DemandBySlot {
  readonly rows: number;
  /** Of each row: its row of the cube's places, and the rank of its service (0 is served first). */
  readonly place: Uint32Array;
  readonly rank: Uint8Array;
  /** Requests a second, slot by slot, each `rows` long; 0 where the log does not tell of the slot. */
  readonly rate: Float64Array;
  /** Seconds of each slot that the log covers. */
  readonly seconds: Float64Array;
  /** Requests in the log by today's server, row-major rows × (servers + 1); the last column is of no known server. */
  readonly today: Float64Array;
  /** The row of each group of the cube. */
  readonly rowOfGroup: Uint32Array;
  /** Today's server of each group; the number of servers where it is none of them. */
  readonly serverOfGroup: Uint32Array;
}

/** Which dimensions of the cube tell what. */
export interface DemandOptions {
  /** Names of the servers, as the log has them. */
  readonly servers: readonly string[];
  /** The dimension that tells which server answered; none: it is not known. */
  readonly serverDimension: string | null;
  /** Names of services, the most important first; what is not named comes after them. Needs the dimension `service`. */
  readonly priorities: readonly string[];
}

/** 1970 began on a Thursday. */
const THURSDAY_HOURS = 72;

/** The hour of the week, in UTC, that a moment lies in: 0 is Monday, 00:00. */
export function slotOf(timeMs: number): number {
  return (((Math.floor(timeMs / HOUR_MS) + THURSDAY_HOURS) % SLOTS) + SLOTS) % SLOTS;
}

/** Sums a cube up by place, priority and hour of the week. Throws `bad-plan-option` and `no-traffic`. */
export function demandBySlot(cube: Cube, options: DemandOptions): DemandBySlot {
  const { groups, bucketMs, originMs } = cube;
  if (bucketMs > HOUR_MS || HOUR_MS % bucketMs !== 0)
    throw planError("bad-plan-option", {
      option: "bucket",
      value: `${bucketMs} ms`,
      expected: "an hour or a part of it",
    });
  if (groups.length === 0) throw planError("no-traffic", { reason: "the log has no events" });
  const columns = options.servers.length + 1;
  const rankOfGroup = ranks(cube, options.priorities);
  const serverOfGroup = serversToday(cube, options);
  const { rowOfGroup, place, rank } = rowsOf(groups.place, rankOfGroup, options.priorities.length + 1);
  const rows = place.length;
  const seconds = secondsCovered(cube);
  const rate = new Float64Array(SLOTS * rows);
  const today = new Float64Array(rows * columns);
  for (let group = 0; group < groups.length; group++) {
    const row = rowOfGroup[group]!;
    const slot = slotOf(originMs + groups.bucket[group]! * bucketMs);
    rate[slot * rows + row]! += groups.count[group]! / seconds[slot]!;
    today[row * columns + serverOfGroup[group]!]! += groups.count[group]!;
  }
  return { rows, place, rank, rate, seconds, today, rowOfGroup, serverOfGroup };
}

/** Seconds of each hour of the week from the first bucket of the log to its last, the log's own beginning and end counted. */
function secondsCovered(cube: Cube): Float64Array {
  const { bucketMs, originMs, bucketCount, firstTimeMs, lastTimeMs } = cube;
  const seconds = new Float64Array(SLOTS);
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    const start = originMs + bucket * bucketMs;
    const from = bucket === 0 ? Math.max(start, firstTimeMs || start) : start;
    const to = bucket === bucketCount - 1 ? Math.min(start + bucketMs, (lastTimeMs || start) + 1000) : start + bucketMs;
    seconds[slotOf(start)]! += Math.max(to - from, 0.02 * bucketMs) / 1000;
  }
  return seconds;
}

function ranks(cube: Cube, priorities: readonly string[]): Uint8Array {
  const { groups } = cube;
  const out = new Uint8Array(groups.length);
  if (priorities.length === 0) return out;
  const at = dimensionOf(cube, "service", "priorities");
  const { dictionary } = cube.dimensions[at]!;
  const rankOfCode = Uint8Array.from({ length: dictionary.size }, (_, code) => {
    const rank = priorities.indexOf(dictionary.value(code));
    return rank < 0 ? priorities.length : rank;
  });
  return out.map((_, group) => rankOfCode[groups.codes[at]![group]!]!);
}

function serversToday(cube: Cube, { servers, serverDimension }: DemandOptions): Uint32Array {
  const { groups } = cube;
  const out = new Uint32Array(groups.length).fill(servers.length);
  if (serverDimension === null) return out;
  const at = dimensionOf(cube, serverDimension, "serverDimension");
  const { dictionary } = cube.dimensions[at]!;
  const serverOfCode = Uint32Array.from({ length: dictionary.size }, (_, code) => {
    const server = servers.indexOf(dictionary.value(code));
    return server < 0 ? servers.length : server;
  });
  return out.map((_, group) => serverOfCode[groups.codes[at]![group]!]!);
}

function dimensionOf(cube: Cube, name: string, option: string): number {
  const at = cube.dimensions.findIndex((dimension) => dimension.name === name);
  if (at >= 0) return at;
  const known = cube.dimensions.map((dimension) => dimension.name).join(", ") || "none";
  throw planError("bad-plan-option", { option, value: name, expected: `a dimension that the cube has (${known})` });
}

/** Numbers the pairs of place and rank that occur, by place and then by rank. */
function rowsOf(groupPlace: Uint32Array, rankOfGroup: Uint8Array, ranksInAll: number) {
  let places = 0;
  for (const place of groupPlace) places = Math.max(places, place + 1);
  const rowOfKey = new Int32Array(places * ranksInAll).fill(-1);
  groupPlace.forEach((place, group) => {
    rowOfKey[place * ranksInAll + rankOfGroup[group]!] = 0;
  });
  const keys: number[] = [];
  rowOfKey.forEach((is, key) => {
    if (is < 0) return;
    rowOfKey[key] = keys.length;
    keys.push(key);
  });
  return {
    place: Uint32Array.from(keys, (key) => Math.floor(key / ranksInAll)),
    rank: Uint8Array.from(keys, (key) => key % ranksInAll),
    rowOfGroup: Uint32Array.from(groupPlace, (place, group) => rowOfKey[place * ranksInAll + rankOfGroup[group]!]!),
  };
}
