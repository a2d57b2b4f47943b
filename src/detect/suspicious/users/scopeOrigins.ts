import { addressText } from "../../../core/addressColumn.js";
import type { CodeColumn, Events } from "../../../core/events.js";
import { grown } from "../../../core/grown.js";
import { DAY_MS } from "../../../core/time.js";
import type { UserLocationTable } from "./userLocationTable.js";

/** Nothing is new before so much was seen. */
const LEARNING_MS = 3 * DAY_MS;
const MAX_SCOPES = 4_096;
const MAX_KEPT = 2_000;

/** What a request comes from, as far as newness goes. */
export type OriginKind = "country" | "region" | "network" | "tag";

/** The first time that a service, or a group of users, was reached from somewhere. */
export interface ScopeOrigin {
  /** The dimension, `service` for one, and its value. */
  readonly dimension: string;
  readonly value: string;
  readonly kind: OriginKind;
  /** Country code, region code, unit of networks or place in EGRESS_CLASSES. */
  readonly origin: number;
  readonly location: number;
  readonly address: string;
  readonly timeMs: number;
}

/** Remembers where each value of one dimension was reached from. One bit a value and origin. */
export class ScopeOrigins {
  readonly found: ScopeOrigin[] = [];
  readonly #dimension: string;
  readonly #kinds: readonly OriginKind[];
  readonly #locations: UserLocationTable;
  /** By kind, then by code of the value: bits by origin. */
  readonly #seen: Uint8Array[][];
  #firstMs = Number.NaN;

  constructor(dimension: string, kinds: readonly OriginKind[], locations: UserLocationTable) {
    this.#dimension = dimension;
    this.#kinds = kinds;
    this.#locations = locations;
    this.#seen = kinds.map(() => []);
  }

  /** The column of a batch that this watches, if the batch has it. */
  columnOf(events: Events): CodeColumn | undefined {
    return events.dimensions.get(this.#dimension);
  }

  /** Takes a request: its value's code, and where it is from. */
  see(column: CodeColumn, location: number, unit: number, egress: number, events: Events, i: number): void {
    const scope = column.codes[i]!;
    if (scope === 0 || scope >= MAX_SCOPES) return;
    if (Number.isNaN(this.#firstMs)) this.#firstMs = events.timeMs[i]!;
    for (let k = 0; k < this.#kinds.length; k++) {
      const origin = this.#originOf(this.#kinds[k]!, location, unit, egress);
      if (origin === 0) continue;
      const bits = this.#seen[k]![scope];
      if (bits !== undefined && origin >>> 3 < bits.length && (bits[origin >>> 3]! & (1 << (origin & 7))) !== 0)
        continue;
      this.#note(k, scope, origin, column, location, events, i);
    }
  }

  #originOf(kind: OriginKind, location: number, unit: number, egress: number): number {
    if (kind === "country") return this.#locations.country[location]!;
    if (kind === "region") return this.#locations.region[location]!;
    return kind === "network" ? unit : egress;
  }

  #note(
    k: number,
    scope: number,
    origin: number,
    column: CodeColumn,
    location: number,
    events: Events,
    i: number,
  ): void {
    const scopes = this.#seen[k]!;
    let bits = scopes[scope] ?? new Uint8Array(32);
    if (origin >>> 3 >= bits.length) bits = grown(bits, 2 * (origin >>> 3));
    scopes[scope] = bits;
    bits[origin >>> 3]! |= 1 << (origin & 7);
    const timeMs = events.timeMs[i]!;
    if (timeMs < this.#firstMs + LEARNING_MS || this.found.length >= MAX_KEPT) return;
    this.found.push({
      dimension: this.#dimension,
      value: column.dictionary.value(scope),
      kind: this.#kinds[k]!,
      origin,
      location,
      address: addressText(events.client, i),
      timeMs,
    });
  }
}
