// Reads NDJSON lines of known shapes straight to columns: the second form of `jsonLine.ts`, which holds the rules. Where a
// line has anything in it that this does not know, it stops, and the line is read there.
import { forgetMissed, readContested, readField } from "./jsonLines/fields.as";
import { beginRow, dropRow, endRow, rows } from "./jsonLines/rows.as";
import { END_OF_LINE, matching, Shape } from "./jsonLines/shapes.as";

export { bindFields, missed, missedEnd, missedStart } from "./jsonLines/fields.as";
export { bindColumns, nameBytes, rows, startRows } from "./jsonLines/rows.as";
export { bindValues, learnValue, valueBytes } from "./jsonLines/values.as";

/** Whether {@link readLines} stopped at an unknown shape. */
export let isNewShape: bool = false;

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
  forgetMissed();
  isNewShape = false;
  while (at < end && rows < room) {
    const behind = readLine(at);
    if (behind === 0) break;
    at = behind;
  }
  return at;
}

/** Reads the line at `start`; returns where the next begins, or 0 if the line is not for this. */
function readLine(start: usize): usize {
  lines++;
  beginRow();
  let at = start;
  let shape = root;
  do {
    const next = matching(shape.child, at);
    if (next === null) {
      isNewShape = true;
      break;
    }
    shape = next;
    at += shape.size;
    if (shape.role === END_OF_LINE) {
      if (endRow()) return at;
      break;
    }
    at = shape.contested ? readContested(shape, at, lines) : readField(shape, at);
  } while (at !== 0);
  dropRow();
  return 0;
}
