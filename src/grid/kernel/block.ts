/** How many points pass through a stage at a time: its scratch then stays in the first-level cache with the tables. */
export const BLOCK_POINTS = 512;

/** What the kernel's stages hand to one another; one row a point of the block. */
export interface Block {
  /** Unit vectors. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** A code of the face grid, from the second stage on a face; or {@link ASK_H3} or {@link NO_POINT}. */
  readonly face: Uint8Array;
  /** Whole coordinates of a cell on its face: first of the resolution asked for, in the end of resolution 0. */
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** Rows of the digit tables, one column a step. */
  readonly residues: readonly Uint16Array[];
  /** Base cell, and how many times 60° its digits are turned against the face's. */
  readonly base: Uint8Array;
  readonly turn: Uint8Array;
  /** All digits of the index as one number, three bits each. */
  readonly digits: Float64Array;
}

/** Instead of a face: h3-js must answer. */
export const ASK_H3 = 253;
/** Instead of a face: the coordinates are no point on Earth. */
export const NO_POINT = 254;

/** At most one step over one resolution, one over two and three over four. */
const MOST_STEPS = 5;

/** @param points - how many it has room for; who asks for a point or two should not pay for 512 */
export function newBlock(points = BLOCK_POINTS): Block {
  return {
    x: new Float64Array(points),
    y: new Float64Array(points),
    z: new Float64Array(points),
    face: new Uint8Array(points),
    a: new Int32Array(points),
    b: new Int32Array(points),
    residues: Array.from({ length: MOST_STEPS }, () => new Uint16Array(points)),
    base: new Uint8Array(points),
    turn: new Uint8Array(points),
    digits: new Float64Array(points),
  };
}
