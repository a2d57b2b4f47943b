import type { Dictionary } from "../../core/dictionary.js";
import type { CodeColumn, Events } from "../../core/events.js";
import type { Network } from "../../core/networks.js";
import type { Place } from "../../core/places.js";
import type { ColumnLocator } from "../../read/columns/eventColumns.js";

/** Events as a file keeps them: ids and codes mean something within the file, whose records name the new ones. */
export interface EventsRecord {
  readonly places: readonly (readonly [id: number, place: Place | null])[];
  readonly networks: readonly (readonly [id: number, network: Network | null])[];
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly columns: Omit<Events, "places" | "networks" | "dimensions"> & {
    readonly codes: Readonly<Record<string, Uint32Array>>;
  };
}

/** Writes events to one file: what its records have named is not named again. */
export class EventsWriter {
  readonly #places = new Set<number>([0]);
  readonly #networks = new Set<number>([0]);
  readonly #values = new Map<string, number>();

  /** Whether nothing was written yet. */
  isNew = true;

  record({ places, networks, dimensions, ...columns }: Events): EventsRecord {
    this.isNew = false;
    const values: Record<string, readonly string[]> = {};
    const codes: Record<string, Uint32Array> = {};
    for (const [name, column] of dimensions) {
      const known = this.#values.get(name) ?? 1;
      values[name] = column.dictionary.values.slice(known);
      this.#values.set(name, column.dictionary.size);
      codes[name] = column.codes;
    }
    return {
      places: fresh(columns.place, this.#places).map((id) => [id, places.at(id)]),
      networks: fresh(columns.network, this.#networks).map((id) => [id, networks.at(id)]),
      values,
      columns: { ...columns, codes },
    };
  }
}

function fresh(ids: Uint32Array, known: Set<number>): number[] {
  const found: number[] = [];
  let last = 0;
  for (const id of ids) {
    if (id === last || known.has(id)) continue;
    last = id;
    known.add(id);
    found.push(id);
  }
  return found;
}

/** Reads the events of one file, record by record. */
export class EventsReader {
  readonly #locator: ColumnLocator;
  readonly #dictionaries: ReadonlyMap<string, Dictionary>;
  readonly #places = new Map<number, number>([[0, 0]]);
  readonly #networks = new Map<number, number>([[0, 0]]);
  readonly #codes = new Map<string, number[]>();

  /** @param dictionaries - those that the events are to have */
  constructor(locator: ColumnLocator, dictionaries: ReadonlyMap<string, Dictionary>) {
    this.#locator = locator;
    this.#dictionaries = dictionaries;
  }

  events(record: EventsRecord): Events {
    const { places, networks } = this.#locator;
    for (const [id, place] of record.places) this.#places.set(id, place === null ? 0 : places.idOf(place));
    for (const [id, network] of record.networks) this.#networks.set(id, network === null ? 0 : networks.idOf(network));
    const { codes, ...columns } = record.columns;
    const dimensions = new Map<string, CodeColumn>();
    for (const [name, column] of Object.entries(codes)) {
      const dictionary = this.#dictionaries.get(name);
      const known = this.#codes.get(name) ?? [0];
      this.#codes.set(name, known);
      for (const value of record.values[name] ?? []) known.push(dictionary?.code(value) ?? 0);
      if (dictionary !== undefined) dimensions.set(name, { codes: column.map((code) => known[code] ?? 0), dictionary });
    }
    return {
      ...columns,
      place: columns.place.map((id) => this.#places.get(id) ?? 0),
      network: columns.network.map((id) => this.#networks.get(id) ?? 0),
      dimensions,
      places,
      networks,
    };
  }
}
