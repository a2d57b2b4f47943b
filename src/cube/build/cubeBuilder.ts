import type { Events } from "../../core/events.js";
import type { CubeParts } from "../cubeParts.js";
import { cubeError } from "../errors.js";
import { CubeIds } from "../keys/cubeIds.js";
import type { EncodedEvents } from "../keys/encodedEvents.js";
import { keptMeasures } from "../measures/measures.js";
import { statusFlags } from "../measures/statusFlags.js";
import type { SegmentNumbers } from "../segments/compactSegments.js";
import { emptySegment, type Segment, type SummedEvents } from "../segments/segment.js";
import { SegmentLog } from "../segments/segmentLog.js";
import { EventEncoder } from "./eventEncoder.js";
import { EventPool, POOL_ROWS } from "./eventPool.js";
import { SegmentBuilder } from "./segmentBuilder.js";

/** What a cube has so far, and what takes more events into it: small batches wait, large ones become segments. */
export class CubeBuilder {
  readonly #start: CubeParts;
  readonly #encoder: EventEncoder;
  readonly #flags: Uint8Array;
  readonly #pool = new EventPool();
  /** Keeps memory from batch to batch, until the cube is read. */
  #builder: SegmentBuilder | null = null;
  #segments: SegmentLog;
  #firstTimeMs: number;
  #lastTimeMs: number;
  #outside: number;
  /** All groups, as long as none are added: whoever asks a cube asks once a group. */
  #whole: Segment | undefined;

  /** @param parts - what the cube begins with; its places, values and clients grow with the events */
  constructor(parts: CubeParts) {
    this.#start = parts;
    this.#encoder = new EventEncoder(parts.settings, new CubeIds(parts.places, parts.dimensions, parts.clients));
    this.#flags = statusFlags(parts.settings.errorStatuses);
    this.#segments = new SegmentLog(parts.segment);
    this.#firstTimeMs = parts.firstTimeMs;
    this.#lastTimeMs = parts.lastTimeMs;
    this.#outside = parts.outside;
  }

  /** Adds a batch. Throws `too-many-buckets`, `too-many-values` (if asked to) and `cube-too-large`. */
  add(batch: Events): void {
    this.#whole = undefined;
    const encoded = this.#encoder.encode(batch);
    this.#outside += encoded ? encoded.outside : batch.length;
    if (!encoded) return;
    this.#widen(encoded);
    if (encoded.length > POOL_ROWS / 2) this.#build(encoded);
    else {
      if (!this.#pool.fits(encoded)) this.#emptyPool();
      this.#pool.append(encoded);
    }
    this.#checkSize();
  }

  /** Adds events that were summed elsewhere, in this cube's ids. Throws `cube-too-large`. */
  addSummed(summed: SummedEvents): void {
    this.#whole = undefined;
    this.#outside += summed.outside;
    if (summed.segment === null) return;
    this.#widen(summed);
    this.#segments.add(summed, this.#ids);
    this.#checkSize();
  }

  /** Says how many times as many events as so far, or as in the first batch, are to come in all: room is made at once. */
  expect(scale: number): void {
    this.#segments.expect(scale);
  }

  /** All that there is so far as parts of a cube of their own; what follows begins anew, with the same tables and memory. */
  take(): CubeParts {
    this.#whole = undefined;
    this.#emptyPool();
    const { schema, codes } = this.#start.segment;
    const parts = {
      ...this.#start,
      segment: this.#segments.whole(this.#ids),
      firstTimeMs: this.#firstTimeMs,
      lastTimeMs: this.#lastTimeMs,
      outside: this.#outside,
    };
    this.#segments = new SegmentLog(emptySegment(codes.length, schema));
    this.#firstTimeMs = Number.POSITIVE_INFINITY;
    this.#lastTimeMs = Number.NEGATIVE_INFINITY;
    this.#outside = 0;
    return parts;
  }

  /** All groups in one piece. */
  get segment(): Segment {
    if (this.#whole === undefined) {
      this.#emptyPool();
      this.#builder = null;
      this.#whole = this.#segments.whole(this.#ids);
    }
    return this.#whole;
  }

  get firstTimeMs(): number {
    return this.#firstTimeMs;
  }

  get lastTimeMs(): number {
    return this.#lastTimeMs;
  }

  get outside(): number {
    return this.#outside;
  }

  /** Bytes that the cube takes. */
  get memoryBytes(): number {
    this.#emptyPool();
    return this.#bytesNow;
  }

  #widen(times: { readonly firstTimeMs: number; readonly lastTimeMs: number }): void {
    this.#firstTimeMs = Math.min(this.#firstTimeMs, times.firstTimeMs);
    this.#lastTimeMs = Math.max(this.#lastTimeMs, times.lastTimeMs);
  }

  /** Builds a segment of what small batches have left. */
  #emptyPool(): void {
    if (this.#pool.length > 0) this.#build(this.#pool.take(this.#sizes, this.#start.settings.bucketMs));
  }

  #build(events: EncodedEvents): void {
    this.#builder ??= new SegmentBuilder({
      meaning: this.#flags,
      measures: this.#start.settings.measures,
      own: this.#start.settings.own,
      clients: this.#start.clients,
      dimensions: this.#start.dimensions.length,
    });
    this.#segments.add({ segment: this.#builder.build(events), isBorrowed: true }, this.#ids);
  }

  /** What the ids in segments stand for. */
  get #ids(): SegmentNumbers {
    const { clients, settings } = this.#start;
    return { clients, sizes: this.#sizes, measures: keptMeasures(settings) };
  }

  /** How many places and values of each dimension there are. */
  get #sizes(): readonly number[] {
    return [this.#start.places.length, ...this.#start.dimensions.map((d) => d.dictionary.size)];
  }

  get #bytesNow(): number {
    const work = this.#pool.memoryBytes + (this.#builder?.memoryBytes ?? 0);
    return work + this.#segments.memoryBytes + this.#start.places.memoryBytes + this.#start.clients.memoryBytes;
  }

  #checkSize(): void {
    const limit = this.#start.settings.maxBytes;
    if (this.#bytesNow <= limit) return;
    this.#emptyPool();
    this.#builder = null;
    this.#segments.whole(this.#ids);
    if (this.#bytesNow > limit) throw cubeError("cube-too-large", { bytes: this.#bytesNow, limit });
  }
}
