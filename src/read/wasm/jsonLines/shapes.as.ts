/** Role of a leaf, behind which the line is over. */
export const END_OF_LINE: i32 = 254;

/**
 * A node of the tree of shapes: what stands between two values, as `,"status":`, and what the value behind it is.
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
  child: Shape | null;
  sibling: Shape | null;
  role: i32;
  /** 1 where other fields compete for `target`: the lowest rank wins. */
  contested: i32;
  target: i32;
  dimension: i32;
  /** Where the whole text is. */
  text: usize;

  unused: i32;
  scale: f64;
  rank: f64;
}

/** The first of some sibling nodes whose text is at `at`. */
export function matching(first: Shape | null, at: usize): Shape | null {
  const text = v128.load(at);
  let shape = first;
  while (shape !== null) {
    const same = i8x16.bitmask(i8x16.eq(text, v128.load(changetype<usize>(shape))));
    if ((same | shape.ignored) === -1 && (shape.size <= 16 || isSameBehind(shape, at))) break;
    shape = shape.sibling;
  }
  return shape;
}

/** Whether a text is the same beyond its first sixteen bytes. */
function isSameBehind(shape: Shape, at: usize): bool {
  for (let i = 16; i < shape.size; i += 16) {
    const from = i + 16 <= shape.size ? i : shape.size - 16;
    if (!i8x16.all_true(i8x16.eq(v128.load(at + from), v128.load(shape.text + from)))) return false;
  }
  return true;
}
