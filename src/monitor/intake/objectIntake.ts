import type { Events } from "../../core/events.js";
import { type ColumnLocator, EventColumns } from "../../read/columns/eventColumns.js";
import { anyField, keepDimensions, mapFields } from "../../read/fields/fieldMap.js";
import { RowWriter } from "../../read/fields/rowWriter.js";
import { JsonRow } from "../../read/json/jsonRow.js";
import type { RejectReason } from "../../read/readReport.js";
import type { ObjectOptions } from "../../read/records/eventsFromObjects.js";

/** Rows that wait at the most: requests come one by one, and are cheaper to place and to count by the hundred. */
const BATCH_ROWS = 1024;

/** Objects as events: rows wait until there are many, or until they are asked for. */
export class ObjectIntake {
  readonly #columns: EventColumns;
  readonly #row: JsonRow;

  constructor({ map, dimensions, routes = true, trustedProxies }: Omit<ObjectOptions, "locator">) {
    this.#columns = new EventColumns({ capacity: BATCH_ROWS, maxValues: Number.POSITIVE_INFINITY, routes });
    const writer = new RowWriter(this.#columns, { dimensions, trusted: trustedProxies });
    this.#row = new JsonRow(writer, keepDimensions(mapFields(anyField, map), dimensions));
  }

  /** How many rows wait. */
  get length(): number {
    return this.#columns.length;
  }

  get isFull(): boolean {
    return this.#columns.length >= BATCH_ROWS;
  }

  /** Writes an object as a row; tells why it is no event if it is none. */
  write(value: unknown): RejectReason | undefined {
    return this.#row.write(value);
  }

  /** Calls back with the rows that wait, as a batch that is written to again afterwards. */
  drain(locator: ColumnLocator, take: (events: Events) => void): void {
    if (this.#columns.length === 0) return;
    take(this.#columns.take(locator));
    this.#columns.begin();
  }
}
