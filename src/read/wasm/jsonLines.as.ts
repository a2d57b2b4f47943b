// Reads NDJSON lines of known shapes straight to columns: the second form of `jsonLine.ts`, which holds the rules. Where a
// line has anything in it that this does not know, it stops, and the line is read there.
import { forgetMissed } from "./jsonLines/fields.as";
import { readLine } from "./jsonLines/line.as";
import { cutNames, dropRow, nameBytes, setRows } from "./jsonLines/rows.as";

export { bindFields, isNewShape, missed, missedEnd, missedStart } from "./jsonLines/fields.as";
export { bindShapes } from "./jsonLines/line.as";
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
