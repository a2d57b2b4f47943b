import type { ClientCodes } from "./clientCodes.js";
import { ClientWriter, NO_CLIENTS } from "./clientStore.js";
import type { CodedEvents } from "./codedEvents.js";
import type { CubeMeasure } from "./cubeOptions.js";
import { type DenseGroups, denseGroups, fitsTable } from "./denseGroups.js";
import { type RecordLayout, recordLayout } from "./eventRecords.js";
import { LatencyWriter, NO_LATENCIES } from "./latencyStore.js";
import { noLists } from "./regroup.js";
import type { Segment } from "./segment.js";
import { sortedGroups } from "./sortedGroups.js";
import { NO_USERS, UserWriter } from "./userStore.js";

export interface BuildOptions {
  /** Bits by status, length 65,536. */
  readonly meaning: Uint8Array;
  readonly measures: ReadonlySet<CubeMeasure>;
  readonly clients: ClientCodes;
}

/**
 * Sums events into groups: brought together by key, through a table of counters where one fits and by sorting where not,
 * then summed one group at a time, its records side by side in the cache.
 */
export function buildSegment(events: CodedEvents, options: BuildOptions): Segment {
  const { measures, meaning, clients } = options;
  const layout = recordLayout(measures);
  const dense = (fitsTable(events) ? denseGroups : sortedGroups)(events, meaning, measures, layout);
  const { groups } = dense;
  const none = { groups: groups.length };
  return {
    ...groups,
    firstBucket: events.firstBucket,
    ...(measures.has("latency") ? latencies(dense, layout) : { latencies: noLists(NO_LATENCIES, none) }),
    clients: measures.has("clients") ? buildClients(dense, layout, clients) : noLists(NO_CLIENTS, none),
    users: measures.has("users") ? buildUsers(dense, layout) : noLists(NO_USERS, none),
  };
}

function latencies(
  { groups, starts, records }: DenseGroups,
  { stride }: RecordLayout,
): Pick<Segment, "latencies" | "latencyCount"> {
  const writer = new LatencyWriter(groups.length, starts[groups.length]!);
  const latencyCount = new Uint32Array(groups.length);
  for (let g = 0; g < groups.length; g++)
    latencyCount[g] = writer.addRecords(records!, stride, starts[g]!, starts[g + 1]!);
  return { latencies: writer.finish(), latencyCount };
}

function buildClients({ groups, starts, records }: DenseGroups, { stride, client }: RecordLayout, codes: ClientCodes) {
  const writer = new ClientWriter(codes, groups.length, starts[groups.length]!);
  for (let g = 0; g < groups.length; g++) writer.addRecords(records!, stride, client, starts[g]!, starts[g + 1]!);
  return writer.finish();
}

function buildUsers({ groups, starts, records }: DenseGroups, { stride, user }: RecordLayout) {
  const writer = new UserWriter(groups.length, starts[groups.length]!);
  for (let g = 0; g < groups.length; g++) writer.addRecords(records!, stride, user, starts[g]!, starts[g + 1]!);
  return writer.finish();
}
