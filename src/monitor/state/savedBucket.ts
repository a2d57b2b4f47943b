import { Cube } from "../../cube/cube.js";
import type { Segment } from "../../cube/segments/segment.js";
import type { ClosedBucket } from "../judge/bucketLog.js";

/** A closed bucket as a state keeps it: the columns of its groups, whose numbers mean rows of the tables of the snapshot. */
export interface SavedBucket {
  /** Counted from 1970. */
  readonly number: number;
  readonly firstTimeMs: number;
  readonly lastTimeMs: number;
  readonly segment: Omit<Segment, "schema">;
}

/** A bucket to be kept; null where nothing came. */
export function savedBucket({ number, cube }: ClosedBucket): SavedBucket | null {
  if (cube === null) return null;
  const { schema: _, ...segment } = cube.segment;
  return { number, firstTimeMs: cube.firstTimeMs, lastTimeMs: cube.lastTimeMs, segment };
}

/** The cube that was kept. @param tables - a cube with the tables of the snapshot */
export function bucketOf({ segment, firstTimeMs, lastTimeMs }: SavedBucket, tables: Cube): Cube {
  const { schema } = tables.segment;
  return new Cube({ ...tables.parts, segment: { ...segment, schema }, firstTimeMs, lastTimeMs });
}
