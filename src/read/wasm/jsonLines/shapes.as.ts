// What is done at a value: numbered without gaps, so that one jump chooses. src/read/json/jsonShapes.ts says which it is.
/** Anything but a string, which must be null unless it is not for this; the same for a string, empty or a dash. */
export const ABSENT: i32 = 0;
export const ABSENT_STRING: i32 = 1;
export const IGNORED: i32 = 2;
export const IGNORED_STRING: i32 = 3;
/** A time as a number, and as text. */
export const TIME: i32 = 4;
export const CLOCK: i32 = 5;
export const ADDRESS: i32 = 6;
export const STATUS: i32 = 7;
export const LATENCY: i32 = 8;
export const BYTES: i32 = 9;
export const USER: i32 = 10;
export const DIMENSION: i32 = 11;
export const PATH: i32 = 12;
/** Of a leaf, behind which the line is over. */
export const END_OF_LINE: i32 = 13;
/** The line is not for this. */
export const REFUSED: i32 = 14;

// Added to the number.
/** Other fields compete for the target: the lowest rank wins. */
export const CONTESTED: i32 = 32;
/** The text of the shape is longer than sixteen bytes. */
export const LONG: i32 = 64;

/**
 * A node of the tree of shapes: what stands between two values, as `,"status":`, and what the value behind it is. The
 * quotes of strings belong to the nodes before and behind them.
 *
 * A line's shape is a way from the root to a leaf, whose text ends in a newline.
 */
@unmanaged
export class Shape {
  /** The first sixteen bytes of the text, in two halves. */
  head0: u64;
  head1: u64;
  /** The bits of a comparison of sixteen bytes that need not be set, for they lie behind the text. */
  ignored: i32;
  size: i32;
  /** What comes behind the value: the first of the nodes that may, and the next that may instead of this one. */
  child: Shape;
  sibling: Shape;
  op: i32;
  target: i32;
  dimension: i32;
  /** Where the whole text is. */
  text: usize;
  scale: f64;
  rank: f64;
}

/**
 * Whether the first sixteen bytes of a shape's text are at `at`; never so for a null pointer.
 *
 * @inline
 */
export function hasHead(shape: Shape, at: usize): bool {
  const same = i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(changetype<usize>(shape))));
  return (same | shape.ignored) === -1;
}

/** Whether the value behind a shape is a string. */
export function isString(shape: Shape): bool {
  return load<u8>(shape.text + shape.size - 1) === 34;
}

/** Whether a text of more than sixteen bytes, whose first are at `at`, goes on so to its end. @inline */
export function hasRest(shape: Shape, at: usize): bool {
  const last = shape.size - 16;
  let isSame = i8x16.bitmask(i8x16.eq(v128.load(at + last), v128.load(shape.text + last))) === 0xffff;
  if (last > 16) {
    if (isSame) isSame = hasMiddle(shape, at);
  }
  return isSame;
}

/** The same for what lies between its first and its last sixteen bytes. */
function hasMiddle(shape: Shape, at: usize): bool {
  for (let i = 16; i < shape.size - 16; i += 16)
    if (i8x16.bitmask(i8x16.eq(v128.load(at + i), v128.load(shape.text + i))) !== 0xffff) return false;
  return true;
}

/** The first sibling of `shape` whose text is at `at`; null if there is none. */
export function siblingAt(shape: Shape, at: usize): Shape {
  let other = shape;
  while (changetype<usize>(other) !== 0) {
    other = other.sibling;
    if (hasHead(other, at) && (!(other.op & LONG) || hasRest(other, at))) break;
  }
  return other;
}
