import type { CubeParts } from "../../cube/cubeParts.js";
import { keptMeasures } from "../../cube/measures/measures.js";
import { aggregateGroups } from "../../cube/segments/aggregateGroups.js";
import { concatSegments } from "../../cube/segments/concatSegments.js";
import { bucketSpan, type Segment, type SegmentStates, type SummedEvents } from "../../cube/segments/segment.js";
import { answerSegment, clientStates, groupStates, oddClients } from "./answerSegment.js";
import { ArrowColumns } from "./arrowColumns.js";
import type { ClickhouseSession } from "./clickhouseClient.js";
import { ClusterRecords } from "./clusterRecords.js";
import { type GroupNumbers, groupNumbers } from "./groupKeys.js";
import { OddClients } from "./oddClients.js";
import type { PreparedQuery } from "./prepareQuery.js";

/** Asks a server for the groups of a cube, and gives them as a segment in the cube's numbers. */
export async function fetchGroups(
  session: ClickhouseSession,
  query: PreparedQuery,
  parts: CubeParts,
): Promise<SummedEvents> {
  const { events, queries, params, database } = query;
  const records = new ClusterRecords(session, database);
  const odds = new OddClients(session, query);
  const ask = async (sql: string) => {
    const answer = new ArrowColumns(await session.arrow({ sql, params }));
    return { answer, numbers: await groupNumbers(answer, queries.keys, events, parts, records, odds) };
  };
  const groups = await ask(queries.groups);
  const states = groupStates(groups.answer, parts);
  const clients = oddClients(groups.numbers, states, parts.clients);
  const pieces: Piece[] = [{ states: { ...states, ...(clients && { clients }) }, numbers: groups.numbers }];
  const measure = keptMeasures(parts.settings).find(({ sqlItem }) => sqlItem !== undefined);
  for (const [sql, isV4] of [[queries.clients4, true] as const, [queries.clients6, false] as const]) {
    if (sql === undefined || measure === undefined || groups.answer.length === 0) continue;
    const { answer, numbers } = await ask(sql);
    pieces.push({ states: { clients: clientStates(answer, measure, parts.clients, isV4) }, numbers });
  }
  const { kept } = groups.numbers;
  if (kept.length === 0) return { segment: null, outside: 0 };
  const [first, last] = [groups.answer.numbers("first_ms"), groups.answer.numbers("last_ms")];
  return {
    segment: summed(pieces, parts),
    outside: 0,
    firstTimeMs: kept.reduce((least, g) => Math.min(least, first[g]!), Number.POSITIVE_INFINITY),
    lastTimeMs: kept.reduce((most, g) => Math.max(most, last[g]!), Number.NEGATIVE_INFINITY),
  };
}

interface Piece {
  readonly states: Partial<SegmentStates>;
  readonly numbers: GroupNumbers;
}

/** One segment of the groups of several answers, each with some of the states. */
function summed(pieces: readonly Piece[], parts: CubeParts): Segment {
  const full = pieces.filter(({ numbers }) => numbers.bucket.length > 0);
  const segments = full.map(({ states, numbers }) => answerSegment(states, numbers, parts));
  const firstBucket = full.reduce(
    (first, { numbers }) => numbers.kept.reduce((least, g) => Math.min(least, numbers.bucket[g]!), first),
    Number.POSITIVE_INFINITY,
  );
  const all = concatSegments(segments);
  const rows = new Uint32Array(full.reduce((total, { numbers }) => total + numbers.kept.length, 0));
  let [at, offset] = [0, 0];
  for (const { numbers } of full) {
    for (const g of numbers.kept) rows[at++] = offset + g;
    offset += numbers.bucket.length;
  }
  const taken = (column: Uint32Array): Uint32Array => rows.map((row) => column[row]!);
  const shift = all.firstBucket - firstBucket;
  const keys = {
    bucket: taken(all.bucket).map((bucket) => bucket + shift),
    place: taken(all.place),
    codes: all.codes.map(taken),
  };
  const sizes = [bucketSpan(keys), parts.places.length, ...parts.dimensions.map((d) => d.dictionary.size)];
  const merged = { clients: parts.clients, measures: keptMeasures(parts.settings) };
  return aggregateGroups(all, merged, { keys, rows, sizes, firstBucket });
}
