import { Cube } from "../../cube/cube.js";
import type { CubeParts } from "../../cube/cubeParts.js";
import { regroupTogether } from "../../cube/segments/compactSegments.js";
import { concatSegments } from "../../cube/segments/concatSegments.js";
import { emptySegment, segmentBytes } from "../../cube/segments/segment.js";
import { renumbered } from "../../cube/verbs/mergeCubes.js";
import { mergedOf } from "../../cube/verbs/mergedOf.js";
import type { BucketHistory } from "../../detect/regional/live/bucketHistory.js";

/** A closed bucket; `cube` is null where nothing came. */
export interface ClosedBucket {
  /** Counted from 1970. */
  readonly number: number;
  readonly cube: Cube | null;
}

/** Findings look back by so much. */
const LOOK_BACK_MS = 44 * 3_600_000;

/**
 * The last buckets, each by itself: the newest is added and the oldest dropped without touching the others. All share their
 * places, values and clients, so that putting them together is copying.
 */
export class BucketLog implements BucketHistory {
  readonly #parts: CubeParts;
  readonly #buckets: ClosedBucket[] = [];
  #bytes = 0;
  #recent: Cube | undefined;
  #tables: Cube | undefined;
  #dropped = false;

  /** @param parts - of an empty cube, whose tables grow with the buckets */
  constructor(parts: CubeParts) {
    this.#parts = parts;
  }

  /** An empty cube with the tables of all: buckets are taken out of it. */
  empty(): Cube {
    return new Cube({
      ...this.#parts,
      segment: emptySegment(this.#parts.dimensions.length, this.#parts.segment.schema),
    });
  }

  /** A cube of one bucket with tables of its own as one of these. */
  adopt({ parts }: Cube): Cube {
    const target = this.#parts;
    const segment = regroupTogether([renumbered(parts, target)], {
      ...mergedOf(target),
      sizes: [target.places.length, ...target.dimensions.map((d) => d.dictionary.size)],
    });
    return new Cube({ ...target, segment, firstTimeMs: parts.firstTimeMs, lastTimeMs: parts.lastTimeMs });
  }

  /** Cubes of one bucket as one; all have the tables of these. */
  together(cubes: readonly Cube[]): Cube {
    const target = this.#parts;
    const full = cubes.filter((cube) => cube.groups.length > 0);
    if (full.length === 0) return this.empty();
    const segment = regroupTogether(
      full.map((cube) => cube.segment),
      { ...mergedOf(target), sizes: [target.places.length, ...target.dimensions.map((d) => d.dictionary.size)] },
    );
    const firstTimeMs = Math.min(...full.map((cube) => cube.firstTimeMs));
    return new Cube({ ...target, segment, firstTimeMs, lastTimeMs: Math.max(...full.map((cube) => cube.lastTimeMs)) });
  }

  /** Adds a bucket of before a restart: those in between had no traffic. */
  resume(number: number, cube: Cube): void {
    const last = this.#buckets.at(-1)?.number ?? Number.NEGATIVE_INFINITY;
    // A crash between two files of a snapshot leaves buckets that the next snapshot writes again.
    if (number <= last) return;
    this.fillTo(number);
    this.add(number, cube);
  }

  /** Adds buckets without traffic up to a number. */
  fillTo(number: number): void {
    const last = this.#buckets.at(-1)?.number ?? number - 1;
    for (let empty = last + 1; empty < number; empty++) this.#buckets.push({ number: empty, cube: null });
    this.#recent = undefined;
  }

  /** Adds a closed bucket; null where it is empty. */
  add(number: number, cube: Cube): Cube | null {
    const closed = cube.groups.length === 0 ? null : compact(cube);
    this.#buckets.push({ number, cube: closed });
    this.#bytes += closed === null ? 0 : segmentBytes(closed.segment);
    this.#recent = undefined;
    return closed;
  }

  /** Whether no bucket was dropped. */
  get isWhole(): boolean {
    return !this.#dropped;
  }

  /** End of the last bucket, epoch milliseconds; null before the first. */
  get endMs(): number | null {
    const last = this.#buckets.at(-1);
    return last === undefined ? null : (last.number + 1) * this.#parts.settings.bucketMs;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get buckets(): readonly ClosedBucket[] {
    return this.#buckets;
  }

  /** Drops the oldest buckets: those before a number, and as many as it takes to have so few bytes left. */
  drop(before: number, mostBytes: number): void {
    let count = 0;
    while (count < this.#buckets.length - 1) {
      const { number, cube } = this.#buckets[count]!;
      if (number >= before && this.#bytes <= mostBytes) break;
      this.#bytes -= cube === null ? 0 : segmentBytes(cube.segment);
      count++;
    }
    if (count === 0) return;
    this.#buckets.splice(0, count);
    this.#dropped = true;
    this.#recent = undefined;
  }

  /** Notes that buckets before the first are missing. */
  setIncomplete(): void {
    this.#dropped = true;
  }

  get cube(): Cube {
    const last = this.#buckets.at(-1)?.number ?? 0;
    this.#recent ??= this.window(last - Math.ceil(LOOK_BACK_MS / this.#parts.settings.bucketMs), last);
    return this.#recent;
  }

  get tables(): Cube {
    this.#tables ??= this.empty();
    return this.#tables;
  }

  /** The buckets of which the numbers are within [from, to], as one cube. */
  window(from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): Cube {
    const cubes = this.#buckets.flatMap(({ number, cube }) =>
      cube !== null && number >= from && number <= to ? [cube] : [],
    );
    if (cubes.length === 0) return this.empty();
    return new Cube({
      ...this.#parts,
      segment: concatSegments(cubes.map(({ segment }) => segment)),
      firstTimeMs: Math.min(...cubes.map(({ firstTimeMs }) => firstTimeMs)),
      lastTimeMs: Math.max(...cubes.map(({ lastTimeMs }) => lastTimeMs)),
    });
  }
}

/** The same in no more memory than it takes. */
function compact(cube: Cube): Cube {
  return new Cube({ ...cube.parts, segment: concatSegments([cube.segment]) });
}
