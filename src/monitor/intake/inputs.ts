import type { Events } from "../../core/events.js";
import type { ColumnLocator } from "../../read/columns/eventColumns.js";
import type { RejectReason } from "../../read/readReport.js";
import type { KnownInput } from "../monitorInput.js";
import type { MonitorOptions } from "../monitorOptions.js";
import { LineIntake } from "./lineIntake.js";
import { ObjectIntake } from "./objectIntake.js";

/** Takes a batch of a source; it is written to again afterwards. */
export type TakeEvents = (events: Events, source: string) => void;

/** Sources of lines whose formats are remembered; the one that came first is forgotten beyond. */
const MOST_SOURCES = 1_000;

/** Events of whatever is pushed: batches as they are, lines read, objects gathered until there are many. */
export class Inputs {
  readonly #options: MonitorOptions;
  readonly #dimensions: readonly string[];
  readonly #onReject: (reason: RejectReason) => void;
  readonly #objects: ObjectIntake;
  readonly #lines = new Map<string, LineIntake>();
  #source = "";

  constructor(options: MonitorOptions, dimensions: readonly string[], onReject: (reason: RejectReason) => void) {
    this.#options = options;
    this.#dimensions = dimensions;
    this.#onReject = onReject;
    this.#objects = new ObjectIntake({ ...options, dimensions });
  }

  /** Objects that wait. */
  get length(): number {
    return this.#objects.length;
  }

  read(input: KnownInput, source: string, take: TakeEvents): void {
    if (input.kind !== "objects" || source !== this.#source) this.drain(take);
    if (input.kind === "events") take(input.events, source);
    else if (input.kind === "lines")
      for (const events of this.#reader(source).read(input.lines, this.#locator)) take(events, source);
    else this.#write(input.objects, source, take);
  }

  #write(objects: readonly object[], source: string, take: TakeEvents): void {
    this.#source = source;
    for (const object of objects) {
      const reason = this.#objects.write(object);
      if (reason !== undefined) this.#onReject(reason);
      if (this.#objects.isFull) this.drain(take);
    }
  }

  /** Hands on the objects that wait. */
  drain(take: TakeEvents): void {
    this.#objects.drain(this.#locator, (events) => take(events, this.#source));
  }

  get #locator(): ColumnLocator {
    return this.#options.locator;
  }

  #reader(source: string): LineIntake {
    const known = this.#lines.get(source);
    if (known !== undefined) return known;
    const { map, trustedProxies, format = "auto", routes = true } = this.#options;
    const options = { map, dimensions: this.#dimensions, trusted: trustedProxies };
    const reader = new LineIntake(source === "" ? "lines" : source, format, routes, options, this.#onReject);
    if (this.#lines.size >= MOST_SOURCES) this.#lines.delete(this.#lines.keys().next().value!);
    this.#lines.set(source, reader);
    return reader;
  }
}
