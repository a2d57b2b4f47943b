// Reads NDJSON lines of known shapes straight to columns: the second form of `jsonLine.ts`, which holds the rules. Where a
// line has anything in it that this does not know, it stops, and the line is read there.
import {
  ADDRESS_SEEN,
  compete,
  forgetMissed,
  READ,
  readValue,
  SKIP,
  skip,
  stopAt,
  TIME_SEEN,
} from "./jsonLines/fields.as";
import { cutNames, dropRow, nameBytes, setRows } from "./jsonLines/rows.as";
import { CONTESTED, END_OF_LINE, hasHead, isSameBehind, LONG, Shape, siblingAt } from "./jsonLines/shapes.as";

export { bindFields, isNewShape, missed, missedEnd, missedStart } from "./jsonLines/fields.as";
export {
  ADDRESS,
  BYTES,
  bindNames,
  CODES,
  CODES_STRIDE,
  END,
  LATENCY_MS,
  MAX_DIMENSIONS,
  MAX_ROWS,
  nameBytes,
  rows,
  STATUS,
  startRows,
  TIME_MS,
  USER_END,
  USER_HIGH,
  USER_LOW,
  USER_START,
} from "./jsonLines/rows.as";
export { bindValues, learnValue, valueBytes } from "./jsonLines/values.as";

/** Root of the tree of shapes. */
let root: Shape = changetype<Shape>(0);
/** Lines begun. */
let lines: i32 = 0;

/** Says where the root of the shapes is. */
export function bindShapes(at: usize): void {
  root = changetype<Shape>(at);
}

/** Reads lines until there are `room` rows, or until `end`; returns where the first line begins that is not read. */
export function readLines(from: usize, end: usize, room: i32): usize {
  let at = from;
  let row = 0;
  forgetMissed();
  while (at < end && row < room) {
    const names = nameBytes;
    const behind = readLine(at, row);
    if (behind === 0) {
      cutNames(names);
      dropRow(row);
      break;
    }
    at = behind;
    row++;
  }
  setRows(row);
  return at;
}

/**
 * Reads the line at `start` to the row; returns where the next begins, or 0 if the line is not for this.
 *
 * @inline
 */
function readLine(start: usize, row: usize): usize {
  const line = ++lines;
  let at = start;
  let shape = root;
  let seen = 0;
  while (true) {
    shape = shape.child;
    if (!hasHead(shape, at)) {
      shape = siblingAt(shape, at);
      if (changetype<usize>(shape) === 0) return stopAt(at);
    }
    let op = shape.op;
    if (op >= CONTESTED) {
      if (op & LONG) {
        if (!isSameBehind(shape, at, 16)) {
          shape = siblingAt(shape, at);
          if (changetype<usize>(shape) === 0) return stopAt(at);
        }
        op = shape.op & ~LONG;
      }
      if (op === END_OF_LINE) {
        if ((seen & TIME_SEEN) === 0 || (seen & ADDRESS_SEEN) === 0) return 0;
        return at + shape.size;
      }
      if (op & CONTESTED) {
        op ^= CONTESTED;
        const verdict = compete(shape, op, at + shape.size, line);
        if (verdict === SKIP) {
          at = skip(op, at + shape.size);
          if (at === 0) return 0;
          continue;
        }
        if (verdict !== READ) return 0;
      }
    }
    at += shape.size;
    seen |= 1 << op;
    at = readValue(shape, op, at, row);
    if (at === 0) return 0;
  }
}
