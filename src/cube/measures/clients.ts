import { cubeError } from "../errors.js";
import { decodeIntegers, decodeStarts, encodeIntegers, encodePlanes, encodeStarts } from "../io/columnCodec.js";
import { repeatedPairs } from "../io/repeatedPairs.js";
import type { ClientCodes } from "../keys/clientCodes.js";
import { addClients, type ClientSketch, type ClientStore, ClientWriter } from "./clientStore.js";
import { shrinkToFit } from "./lists/columnRows.js";
import { groupDistinct } from "./lists/groupDistinct.js";
import { listedItems } from "./lists/listedItems.js";
import type { ArrowColumn, ArrowRows, Measure } from "./measure.js";
import { repeatedValues } from "./state/repeatedValues.js";
import type { SavedState } from "./state/savedState.js";
import { joinRegisters, sketchFault, splitRegisters } from "./state/sketchSections.js";

export interface ClientColumns {
  readonly clients: ClientStore;
}

/** Distinct clients, each with its requests and errors; of groups with very many the busiest, and a sketch of all. */
export const clients: Measure<ClientColumns> = {
  name: "clients",
  columns: {},
  list: { name: "clients", rows: {}, items: { code: "u32", count: "u32", errors: "u32" }, sketchBytes: 32_768 },
  add: (events, { order, starts, groups }, context) => {
    const writer = new ClientWriter(context.clients);
    for (let g = 0; g < groups; g++) writer.addEvents(events, context.meaning, order, starts[g]!, starts[g + 1]!);
    return { clients: kept(writer) };
  },
  merge: ({ clients: store }, { order, starts, groups }, context) => {
    const writer = new ClientWriter(context.clients);
    writer.reserve(groups, listedItems(store.start, order));
    for (let g = 0; g < groups; g++) writer.addGroups(store, order, starts[g]!, starts[g + 1]!);
    return { clients: kept(writer) };
  },
  sql: { count: "sum(weight)", errors: "sumIf(weight, is_error)" },
  sqlItem: "client",
  figures: ["clients"],
  figure: (name) => (name === "clients" ? { empty: 0 } : null),
  read: ({ clients: store }, sums, figures, context) =>
    figures.map(() => groupDistinct(store, sums, (group, sketch) => addClients(store, context.clients, group, sketch))),
  check: ({ clients: store }, context) => faultOf(store, context.clients),
  save: ({ clients: store }) => {
    const sketches = [...store.sketches.values()];
    const repeated = repeatedPairs(store.code, new Uint32Array(store.code.length));
    return {
      columns: {
        clientStart: encodeStarts(store.start),
        clientCount: encodeIntegers(store.count),
        clientErrorCount: encodeIntegers(store.errors),
        clientSketchGroups: encodeIntegers([...store.sketches.keys()]),
        clientSketchBounds: encodeIntegers(sketches.map(({ bound }) => bound)),
        clientRegisters: joinRegisters(sketches.map(({ registers }) => registers)),
      },
      packed: {
        clientCode: encodePlanes(repeated?.low ?? store.code),
        clientIndex: encodeIntegers(repeated?.index ?? []),
      },
      facts: { distinctClients: repeated?.low.length ?? 0 },
    };
  },
  load: (saved) => ({ clients: loaded(saved) }),
  toArrow: ({ clients: store }, context) => arrowColumns(store, context.clients),
  fromArrow: (table, context) => ({ clients: storeOf(table, context.clients) }),
};

function kept(writer: ClientWriter): ClientStore {
  const { start, code, count, errors, sketches } = writer.finish();
  return {
    start: shrinkToFit(start),
    code: shrinkToFit(code),
    count: shrinkToFit(count),
    errors: shrinkToFit(errors),
    sketches,
  };
}

function faultOf({ code, start, sketches }: ClientStore, known: ClientCodes): string | null {
  for (let i = 0; i < code.length; i++) if (!known.has(code[i]!)) return "a client is unknown";
  for (const [group, { registers, bound }] of sketches) {
    const fault = sketchFault(group, registers, start.length - 1, bound);
    if (fault !== null) return fault;
  }
  return null;
}

function loaded({ section, fact, groups }: SavedState): ClientStore {
  const start = decodeStarts(section("clientStart"), groups);
  const rows = start[groups]!;
  const registers = splitRegisters(section("clientRegisters"), section("clientSketchGroups"));
  const bounds = decodeIntegers(section("clientSketchBounds"), new Float64Array(registers.length));
  return {
    start,
    code: repeatedValues(section("clientCode"), () => section("clientIndex"), fact("distinctClients"), rows),
    count: decodeIntegers(section("clientCount"), new Uint32Array(rows)),
    errors: decodeIntegers(section("clientErrorCount"), new Uint32Array(rows)),
    sketches: new Map(registers.map(([group, bytes], i) => [group, { registers: bytes, bound: bounds[i]! }])),
  };
}

function arrowColumns({ start, code, count, errors, sketches }: ClientStore, codes: ClientCodes): ArrowColumn[] {
  const groups = start.length - 1;
  const ends = new Uint32Array(groups + 1);
  const bounds = new Float64Array(groups);
  for (let g = 0; g < groups; g++) {
    ends[g + 1] = ends[g]! + (sketches.get(g)?.registers.length ?? 0);
    bounds[g] = sketches.get(g)?.bound ?? 0;
  }
  const groupsInOrder = [...sketches].sort(([a], [b]) => a - b);
  return [
    { name: "client_address", type: "address", start, values: addressBytes(code, codes), isDetail: true },
    { name: "client_count", type: "uint32", start, values: count, isDetail: true },
    { name: "client_error_count", type: "uint32", start, values: errors, isDetail: true },
    {
      name: "client_registers",
      type: "binary",
      start: ends,
      values: joinRegisters(groupsInOrder.map(([, { registers }]) => registers)),
      isDetail: true,
    },
    { name: "client_bound", type: "float64", values: bounds, isDetail: true },
  ];
}

/** Addresses in network order, IPv4 in its mapped form. */
function addressBytes(code: Uint32Array, codes: ClientCodes): Uint8Array {
  const bytes = new Uint8Array(16 * code.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < code.length; i++) {
    const words = codes.words(code[i]!);
    for (let w = 0; w < 4; w++) view.setUint32(16 * i + 4 * w, words[w]!);
  }
  return bytes;
}

function storeOf(table: ArrowRows, codes: ClientCodes): ClientStore {
  const addresses = table.lists("client_address");
  const bounds = table.numbers("client_bound");
  const code: number[] = [];
  const start = new Uint32Array(table.length + 1);
  addresses.forEach((own, g) => {
    for (const bytes of own as Uint8Array[]) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
      code.push(codes.codeOf(view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12)));
    }
    start[g + 1] = code.length;
  });
  const sketches = new Map<number, ClientSketch>();
  for (const [g, registers] of table.bytes("client_registers").entries())
    if (registers) sketches.set(g, { registers, bound: bounds[g]! });
  const [count, errors] = ["client_count", "client_error_count"].map((name) =>
    Uint32Array.from(table.lists(name).flat(), Number),
  );
  if (count!.length !== code.length || errors!.length !== code.length)
    throw cubeError("bad-cube-file", { reason: "clients and their counts differ in number" });
  return { start, code: Uint32Array.from(code), count: count!, errors: errors!, sketches };
}
