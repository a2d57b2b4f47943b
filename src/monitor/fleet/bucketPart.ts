import { Cube } from "../../cube/cube.js";
import type { Finding } from "../../detect/finding.js";
import { monitorError } from "../errors.js";
import { frameSync, unframed } from "../state/frame.js";
import { packState, unpackState } from "../state/packState.js";

/** A closed bucket of one instance, as bytes to be written or sent to those who merge. */
export interface BucketPart {
  readonly instance: string;
  readonly startMs: number;
  readonly bytes: Uint8Array;
}

/** What is in the bytes of a part. */
export interface ReadPart {
  readonly instance: string;
  /** The bucket's number, counted from 1970. */
  readonly number: number;
  readonly cube: Cube;
  /** Whether some of what came may have been lost. */
  readonly isPartial: boolean;
  /** What the instance found of users and addresses. */
  readonly suspects: readonly Finding[];
}

/** The part that an instance hands over. */
export function bucketPart({ instance, number, cube, isPartial, suspects }: ReadPart): BucketPart {
  const bytes = frameSync(packState({ instance, number, cube: cube.save(), isPartial, suspects }));
  return { instance, startMs: number * cube.bucketMs, bytes };
}

/** A part out of its bytes. Throws `bad-monitor-state`, and `bad-cube-file`. */
export function readPart(bytes: Uint8Array): ReadPart {
  const file = "a closed bucket";
  for (const piece of unframed(bytes, 0, file)) {
    const value = unpackState(piece, file) as Record<string, unknown>;
    const { instance, number, cube, suspects } = value ?? {};
    if (
      typeof instance !== "string" ||
      !Number.isInteger(number) ||
      !(cube instanceof Uint8Array) ||
      !Array.isArray(suspects)
    )
      throw monitorError("bad-monitor-state", { file, why: "it lacks what every bucket has" });
    const isPartial = value.isPartial === true;
    return { instance, number: number as number, cube: Cube.load(cube), isPartial, suspects };
  }
  throw monitorError("bad-monitor-state", { file, why: "it ends early" });
}
