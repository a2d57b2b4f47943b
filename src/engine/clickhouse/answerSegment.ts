import type { CubeParts } from "../../cube/cubeParts.js";
import type { ClientCodes } from "../../cube/keys/clientCodes.js";
import type { ClientStore } from "../../cube/measures/clientStore.js";
import type { LatencyStore } from "../../cube/measures/latencyStore.js";
import type { AnyMeasure } from "../../cube/measures/measure.js";
import { allMeasures, keptMeasures, schemaOf } from "../../cube/measures/measures.js";
import { arrayOf, completeState } from "../../cube/measures/state/stateSchema.js";
import type { Segment, SegmentStates } from "../../cube/segments/segment.js";
import { stateColumn } from "../sql/cubeQuery.js";
import type { ArrowColumns, ArrowLists } from "./arrowColumns.js";
import type { GroupNumbers } from "./groupKeys.js";

/** The groups of an answer with the states in it, in no order, of whatever lists of any length: fit for `regroupTogether`. */
export function answerSegment(states: Partial<SegmentStates>, numbers: GroupNumbers, parts: CubeParts): Segment {
  const { bucket, place, codes } = numbers;
  const firstBucket = bucket.reduce((first, one) => Math.min(first, one), Number.POSITIVE_INFINITY);
  const schema = schemaOf(allMeasures(parts.settings), false);
  return {
    ...completeState<SegmentStates>(schema, bucket.length, states),
    schema,
    length: bucket.length,
    firstBucket: Number.isFinite(firstBucket) ? firstBucket : 0,
    bucket: Uint32Array.from(bucket, (one) => one - firstBucket),
    place,
    codes,
  };
}

/** The states that the answer of `groups` holds. */
export function groupStates(answer: ArrowColumns, { settings }: CubeParts): Partial<SegmentStates> {
  const states: Record<string, unknown> = {};
  for (const measure of keptMeasures(settings)) {
    if (measure.sqlItem !== undefined) continue;
    if (measure.name === "latency") states.latencies = latencies(answer, measure);
    else if (measure.name === "users") states.users = users(answer, measure);
    else
      for (const [column, type] of Object.entries(measure.columns))
        states[column] = arrayOf(type, false).from(answer.numbers(stateColumn(measure, column)));
  }
  return states as Partial<SegmentStates>;
}

function latencies(answer: ArrowColumns, measure: AnyMeasure): LatencyStore {
  if (answer.has("latency_bins")) return histograms(answer);
  const { start, values: words } = answer.lists(stateColumn(measure, "words"), Uint16Array);
  const count = Uint32Array.from({ length: answer.length }, (_, g) => start[g + 1]! - start[g]!);
  return { count, start, words };
}

/** Bins with their counts, as a view keeps them. */
function histograms(answer: ArrowColumns): LatencyStore {
  const { start: from, values: bins } = answer.lists("latency_bins", Uint16Array);
  const { values: words64 } = answer.longLists("latency_counts");
  const count = new Uint32Array(answer.length);
  const start = new Uint32Array(answer.length + 1);
  const words: number[] = [];
  for (let g = 0; g < answer.length; g++) {
    for (let i = from[g]!; i < from[g + 1]!; i++) count[g]! += words64[2 * i]!;
    // The two forms are told apart by their length: as many words as latencies are a list.
    const isList = 3 * (from[g + 1]! - from[g]!) >= count[g]!;
    for (let i = from[g]!; i < from[g + 1]!; i++) {
      const times = words64[2 * i]!;
      if (isList) for (let k = 0; k < times; k++) words.push(bins[i]!);
      else words.push(bins[i]!, times & 0xffff, times >>> 16);
    }
    start[g + 1] = words.length;
  }
  return { count, start, words: Uint16Array.from(words) };
}

function users(answer: ArrowColumns, measure: AnyMeasure) {
  const { start, values } = answer.longLists(stateColumn(measure, "hash"));
  const half = (word: number): Uint32Array =>
    Uint32Array.from({ length: values.length / 2 }, (_, i) => values[2 * i + word]!);
  return { start, low: half(0), high: half(1), sketches: new Map() };
}

/** The clients of an answer, by family. */
export function clientStates(
  answer: ArrowColumns,
  measure: AnyMeasure,
  codes: ClientCodes,
  isV4: boolean,
): ClientStore {
  const column = (name: string): string => stateColumn(measure, name);
  const count = answer.lists(column("count"), Uint32Array);
  const errors = answer.lists(column("errors"), Uint32Array).values;
  const code = isV4
    ? codes4(answer.lists(column("item"), Uint32Array), codes)
    : codes6(answer.addressLists(column("item")), codes);
  return { start: count.start, code, count: count.values, errors, sketches: new Map() };
}

function codes4({ values }: ArrowLists<Uint32Array>, codes: ClientCodes): Uint32Array {
  return values.map((address) => codes.codeOf(0, 0, 0xffff, address));
}

function codes6({ values: w }: ArrowLists<Uint32Array>, codes: ClientCodes): Uint32Array {
  return Uint32Array.from({ length: w.length / 4 }, (_, i) =>
    codes.codeOf(w[4 * i]!, w[4 * i + 1]!, w[4 * i + 2]!, w[4 * i + 3]!),
  );
}

/** The clients of groups that the library read itself: one a group, with all of the group's requests. */
export function oddClients(
  { odd }: GroupNumbers,
  states: Partial<SegmentStates>,
  codes: ClientCodes,
): ClientStore | undefined {
  if (odd === undefined || !odd.some((client) => client !== undefined)) return undefined;
  const start = new Uint32Array(odd.length + 1);
  const [code, count, errors]: number[][] = [[], [], []];
  odd.forEach((client, g) => {
    if (client !== undefined) {
      code!.push(codes.codeOf(...client.words));
      count!.push(states.count![g]!);
      errors!.push(states.errors![g]!);
    }
    start[g + 1] = code!.length;
  });
  return {
    start,
    code: Uint32Array.from(code!),
    count: Uint32Array.from(count!),
    errors: Uint32Array.from(errors!),
    sketches: new Map(),
  };
}
