import { Cube } from "../../cube/cube.js";
import type { CubeParts } from "../../cube/cubeParts.js";
import { concatSegments } from "../../cube/segments/concatSegments.js";
import { emptySegment, segmentBytes } from "../../cube/segments/segment.js";
import { renumbered } from "../../cube/verbs/mergeCubes.js";
import type { BucketHistory } from "../../detect/regional/live/liveRegional.js";

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
  #dropped = false;

  /** @param parts - of an empty cube, whose tables grow with the buckets */
  constructor(parts: CubeParts) {
    this.#parts = parts;
  }

  /** A cube for the next bucket, with the tables of all. */
  newBucket(): Cube {
    return new Cube({
      ...this.#parts,
      segment: emptySegment(this.#parts.dimensions.length, this.#parts.segment.schema),
    });
  }

  /** A cube of another's tables as one of these. */
  adopt(cube: Cube): Cube {
    const { parts } = cube;
    return new Cube(sorted({ ...parts, ...this.#tables, segment: renumbered(parts, this.#parts) }));
  }

  get #tables(): Pick<CubeParts, "settings" | "places" | "dimensions" | "clients"> {
    const { settings, places, dimensions, clients } = this.#parts;
    return { settings, places, dimensions, clients };
  }

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

  last(count: number): readonly (Cube | null)[] {
    return this.#buckets.slice(-count).map(({ cube }) => cube);
  }

  /** The buckets of which the numbers are within [from, to], as one cube. */
  window(from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): Cube {
    const cubes = this.#buckets.flatMap(({ number, cube }) =>
      cube !== null && number >= from && number <= to ? [cube] : [],
    );
    if (cubes.length === 0) return this.newBucket();
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

/** Groups in the order of their new numbers. */
function sorted(parts: CubeParts): CubeParts {
  return Cube.merge([new Cube(parts)]).parts;
}
