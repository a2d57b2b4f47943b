import type { CubeMeasure } from "../cubeOptions.js";
import type { ClientCodes } from "../keys/clientCodes.js";
import { ClientWriter, NO_CLIENTS } from "../measures/clientStore.js";
import { shrinkToFit } from "../measures/columnRows.js";
import { NO_USERS, UserWriter } from "../measures/distinctUsers.js";
import { LatencyWriter } from "../measures/latencyStore.js";
import type { GroupKeys, Segment } from "./segment.js";
import { type RowOrder, sortGroupBy } from "./sortGroupBy.js";

/** What a segment's groups are to become. */
export interface Regrouping {
  /** New keys of the groups of `rows`, row i of the keys being that of group rows[i]. */
  readonly keys: GroupKeys;
  /** The groups to keep. */
  readonly rows: Uint32Array;
  /** Bucket, place and each dimension hold integers below these. */
  readonly sizes: readonly number[];
  readonly firstBucket: number;
  readonly measures: ReadonlySet<CubeMeasure>;
}

/**
 * Sums the groups whose new keys are equal. Merging, slicing, rolling up and resampling are all this one operation on
 * different keys, which is why each equals building anew from the events.
 */
export function aggregateGroups(segment: Segment, codes: ClientCodes, to: Regrouping): Segment {
  const columns = [to.keys.bucket, to.keys.place, ...to.keys.codes];
  const groups = sortGroupBy(columns, to.sizes, to.rows.length);
  const heads = groups.starts.subarray(0, groups.groups).map((start) => groups.order[start]!);
  const members = groups.order.map((row) => to.rows[row]!);
  const sum = <T extends Uint32Array | Float64Array>(column: T): T => sums(column, members, groups);
  return {
    length: groups.groups,
    firstBucket: to.firstBucket,
    bucket: heads.map((row) => to.keys.bucket[row]!),
    place: heads.map((row) => to.keys.place[row]!),
    codes: to.keys.codes.map((column) => heads.map((row) => column[row]!)),
    count: sum(segment.count),
    errors: sum(segment.errors),
    clientErrors: sum(segment.clientErrors),
    denied: sum(segment.denied),
    bytes: sum(segment.bytes),
    ...regroupLatencies(segment, members, groups),
    clients: to.measures.has("clients") ? regroupClients(segment, codes, members, groups) : noLists(NO_CLIENTS, groups),
    users: to.measures.has("users") ? regroupUsers(segment, members, groups) : noLists(NO_USERS, groups),
  };
}

/** An empty store that has a (empty) row a group. */
export function noLists<T extends { readonly start: Uint32Array }>(none: T, groups: { readonly groups: number }): T {
  return { ...none, start: new Uint32Array(groups.groups + 1) };
}

function sums<T extends Uint32Array | Float64Array>(column: T, members: Uint32Array, { starts, groups }: RowOrder): T {
  const total = new (column.constructor as new (length: number) => T)(groups);
  for (let g = 0; g < groups; g++) {
    let sum = 0;
    for (let k = starts[g]!; k < starts[g + 1]!; k++) sum += column[members[k]!]!;
    total[g] = sum;
  }
  return total;
}

function regroupLatencies(
  segment: Segment,
  members: Uint32Array,
  { starts, groups }: RowOrder,
): Pick<Segment, "latencies" | "latencyCount"> {
  const { latencies } = segment;
  const writer = new LatencyWriter();
  writer.reserve(groups, 3 * listed(latencies.start, members));
  const latencyCount = new Uint32Array(groups);
  for (let g = 0; g < groups; g++)
    latencyCount[g] = writer.addGroups(latencies, segment.latencyCount, members, starts[g]!, starts[g + 1]!);
  const { start, words } = writer.finish();
  return { latencies: { start: shrinkToFit(start), words: shrinkToFit(words) }, latencyCount };
}

function regroupClients(segment: Segment, codes: ClientCodes, members: Uint32Array, { starts, groups }: RowOrder) {
  const writer = new ClientWriter(codes);
  writer.reserve(groups, listed(segment.clients.start, members));
  for (let g = 0; g < groups; g++) writer.addGroups(segment.clients, members, starts[g]!, starts[g + 1]!);
  const { start, code, count, errors, sketches } = writer.finish();
  return {
    start: shrinkToFit(start),
    code: shrinkToFit(code),
    count: shrinkToFit(count),
    errors: shrinkToFit(errors),
    sketches,
  };
}

function regroupUsers(segment: Segment, members: Uint32Array, { starts, groups }: RowOrder) {
  const writer = new UserWriter();
  writer.reserve(groups, listed(segment.users.start, members));
  for (let g = 0; g < groups; g++) writer.addGroups(segment.users, members, starts[g]!, starts[g + 1]!);
  const { start, low, high, sketches } = writer.finish();
  return { start: shrinkToFit(start), low: shrinkToFit(low), high: shrinkToFit(high), sketches };
}

/** How much the lists of the given groups hold together. */
function listed(start: Uint32Array, groups: Uint32Array): number {
  let total = 0;
  for (let k = 0; k < groups.length; k++) total += start[groups[k]! + 1]! - start[groups[k]!]!;
  return total;
}
