import { decodeStarts, encodeIntegers, encodePlanes, encodeStarts } from "../io/columnCodec.js";
import { repeatedPairs } from "../io/repeatedPairs.js";
import { addUsers, type DistinctUsers, UserWriter } from "./distinctUsers.js";
import { shrinkToFit } from "./lists/columnRows.js";
import { groupDistinct } from "./lists/groupDistinct.js";
import { listedItems } from "./lists/listedItems.js";
import type { ArrowColumn, ArrowRows, Measure } from "./measure.js";
import { repeatedValues } from "./state/repeatedValues.js";
import type { SavedState } from "./state/savedState.js";
import { joinRegisters, sketchFault, splitRegisters } from "./state/sketchSections.js";

export interface UserColumns {
  readonly users: DistinctUsers;
}

/** Distinct users, as hashes; of groups with very many a sketch. */
export const users: Measure<UserColumns> = {
  name: "users",
  columns: {},
  list: { name: "users", rows: {}, items: { low: "u32", high: "u32" }, sketchBytes: 32_768 },
  add: (events, { order, starts, groups }) => {
    const writer = new UserWriter();
    for (let g = 0; g < groups; g++) writer.addEvents(events, order, starts[g]!, starts[g + 1]!);
    return { users: kept(writer) };
  },
  merge: ({ users: store }, { order, starts, groups }) => {
    const writer = new UserWriter();
    writer.reserve(groups, listedItems(store.start, order));
    for (let g = 0; g < groups; g++) writer.addGroups(store, order, starts[g]!, starts[g + 1]!);
    return { users: kept(writer) };
  },
  sql: { hash: "groupUniqArrayIf(user_hash, user_hash != 0)" },
  figures: ["users"],
  figure: (name) => (name === "users" ? { empty: 0 } : null),
  read: ({ users: store }, sums, figures) =>
    figures.map(() => groupDistinct(store, sums, (group, sketch) => addUsers(store, group, sketch))),
  check: ({ users: { start, sketches } }) => {
    for (const [group, registers] of sketches) {
      const fault = sketchFault(group, registers, start.length - 1);
      if (fault !== null) return fault;
    }
    return null;
  },
  save: ({ users: store }) => {
    const repeated = repeatedPairs(store.low, store.high);
    return {
      columns: {
        userStart: encodeStarts(store.start),
        userSketchGroups: encodeIntegers([...store.sketches.keys()]),
        userRegisters: joinRegisters(store.sketches.values()),
      },
      packed: {
        userLow: encodePlanes(repeated?.low ?? store.low),
        userHigh: encodePlanes(repeated?.high ?? store.high),
        userIndex: encodeIntegers(repeated?.index ?? []),
      },
      facts: { distinctUsers: repeated?.low.length ?? 0 },
    };
  },
  load: (saved) => ({ users: loaded(saved) }),
  toArrow: ({ users: store }) => arrowColumns(store),
  fromArrow: (table) => ({ users: storeOf(table) }),
};

function kept(writer: UserWriter): DistinctUsers {
  const { start, low, high, sketches } = writer.finish();
  return { start: shrinkToFit(start), low: shrinkToFit(low), high: shrinkToFit(high), sketches };
}

function loaded({ section, fact, groups }: SavedState): DistinctUsers {
  const start = decodeStarts(section("userStart"), groups);
  const half = (name: string): Uint32Array =>
    repeatedValues(section(name), () => section("userIndex"), fact("distinctUsers"), start[groups]!);
  const sketches = new Map(splitRegisters(section("userRegisters"), section("userSketchGroups")));
  return { start, low: half("userLow"), high: half("userHigh"), sketches };
}

function arrowColumns({ start, low, high, sketches }: DistinctUsers): ArrowColumn[] {
  const hashes = new Uint32Array(2 * low.length);
  for (let i = 0; i < low.length; i++) {
    hashes[2 * i] = low[i]!;
    hashes[2 * i + 1] = high[i]!;
  }
  const ends = new Uint32Array(start.length);
  for (let g = 1; g < ends.length; g++) ends[g] = ends[g - 1]! + (sketches.get(g - 1)?.length ?? 0);
  const inOrder = [...sketches].sort(([a], [b]) => a - b).map(([, registers]) => registers);
  return [
    { name: "user_hash", type: "uint64", start, values: new BigUint64Array(hashes.buffer), isDetail: true },
    { name: "user_registers", type: "binary", start: ends, values: joinRegisters(inOrder), isDetail: true },
  ];
}

function storeOf(table: ArrowRows): DistinctUsers {
  const hashes = table.lists("user_hash") as readonly (readonly (bigint | number)[])[];
  const start = new Uint32Array(table.length + 1);
  for (const [g, own] of hashes.entries()) start[g + 1] = start[g]! + own.length;
  const all = hashes.flat().map(BigInt);
  const sketches = new Map<number, Uint8Array>();
  for (const [g, registers] of table.bytes("user_registers").entries()) if (registers) sketches.set(g, registers);
  return {
    start,
    low: Uint32Array.from(all, (hash) => Number(hash & 0xffffffffn)),
    high: Uint32Array.from(all, (hash) => Number(hash >> 32n)),
    sketches,
  };
}
