import type { AddressColumn } from "../../core/addressColumn.js";
import type { Events } from "../../core/events.js";

/** Gives what events have the numbers of a cube: its places, the values of its dimensions, its clients. */
export interface IdAssigner {
  /** Row of the cube's places + 1, by place id of the events. */
  rowOfPlace(events: Events): Uint32Array;
  /** Writes the code of each event's value of a dimension. */
  codesInto(dimension: number, events: Events, codes: Uint32Array): void;
  /** The code of each row's address. */
  clientCodes(column: AddressColumn): Uint32Array;
  /** How many places and values of each dimension have numbers. */
  readonly sizes: readonly number[];
}
