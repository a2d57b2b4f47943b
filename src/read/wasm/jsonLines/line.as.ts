import {
  compete,
  readAnyNumber,
  readClock,
  readDimension,
  skipAbsentString,
  skipNull,
  startLine,
  stopAt,
} from "./fields.as";
import { addressOf, areOctets, octetEnds, octetStarts, octetsOf } from "./ipv4.as";
import { dotsBefore, dottedLength, isNumber, numberAt, othersThanDigits, wholeNumber } from "./number.as";
import { isComplete, setAddress, setBytes, setLatency, setStatus, setTime, setUser } from "./rows.as";
import {
  ABSENT,
  ABSENT_STRING,
  ADDRESS,
  BYTES,
  CLOCK,
  CONTESTED,
  DIMENSION,
  END_OF_LINE,
  hasHead,
  hasRest,
  IGNORED,
  IGNORED_STRING,
  LATENCY,
  LONG,
  PATH,
  Shape,
  STATUS,
  siblingAt,
  TIME,
  USER,
} from "./shapes.as";
import { skipValue } from "./skip.as";
import { closingQuote, isAbsentString, plainEnd, stopsOf } from "./text.as";

const DOT: i32 = 46;
const ZERO: i32 = 48;

/** Root of the tree of shapes. */
let root: Shape = changetype<Shape>(0);

/** Says where the root of the shapes is. */
export function bindShapes(at: usize): void {
  root = changetype<Shape>(at);
}

/**
 * Reads the line at `start` to the row; returns where the next begins, or 0 if the line is not for this.
 *
 * One long loop: what is called, or comes to one place to go on, costs as much as the work.
 */
export function readLine(start: usize, row: usize): usize {
  let at = start;
  let shape = root;
  startLine();
  while (true) {
    shape = shape.child;
    if (!hasHead(shape, at)) {
      shape = siblingAt(shape, at);
      if (changetype<usize>(shape) === 0) return stopAt(at);
    }
    let op = shape.op;
    if (op >= CONTESTED) {
      if (op & LONG) {
        if (!hasRest(shape, at)) {
          shape = siblingAt(shape, at);
          if (changetype<usize>(shape) === 0) return stopAt(at);
        }
        op = shape.op & ~LONG;
      }
      if (op & CONTESTED) op = compete(shape, op ^ CONTESTED, at + shape.size);
    }
    at += shape.size;
    switch (op) {
      case ABSENT: {
        at = skipNull(at);
        if (at === 0) return 0;
        continue;
      }
      case ABSENT_STRING: {
        at = skipAbsentString(at);
        if (at === 0) return 0;
        continue;
      }
      case IGNORED: {
        at = skipValue(at);
        if (at === 0) return 0;
        continue;
      }
      case IGNORED_STRING: {
        at = closingQuote(at);
        if (at === 0) return 0;
        continue;
      }
      case TIME: {
        // Milliseconds have thirteen digits from 2001 to 2286. Where they end is foreseen, and need not be waited for.
        if ((othersThanDigits(v128.load(at)) & 0x3fff) === 0x2000) {
          if (load<u8>(at) !== ZERO) {
            if (load<u8>(at + 13) !== DOT) {
              setTime(row, wholeNumber(v128.load(at - 3), 13));
              at += 13;
              continue;
            }
          }
        }
        at = readAnyNumber(shape, op, at, row);
        if (at === 0) return 0;
        continue;
      }
      case CLOCK: {
        at = readClock(at, row);
        if (at === 0) return 0;
        continue;
      }
      case ADDRESS: {
        const text = v128.load(at);
        const length = dottedLength(text);
        const dots = dotsBefore(text, length);
        if (popcnt(dots) !== 3) return 0;
        const ends = octetEnds(dots, length);
        const starts = octetStarts(ends);
        const octets = octetsOf(text, starts, ends);
        if (!areOctets(octets, starts, ends)) return 0;
        setAddress(row, addressOf(octets));
        at += length;
        continue;
      }
      case STATUS: {
        // What comes behind three digits is for the next shape to tell.
        const digits = (load<u32>(at) & 0xffffff) - 0x303030;
        // A byte that is no digit has a high half, or gets one.
        if (((digits | (digits + 0x060606)) & 0xf0f0f0) === 0) {
          if ((digits & 15) === 0) return 0;
          setStatus(row, 100 * (digits & 15) + 10 * ((digits >> 8) & 15) + (digits >> 16));
          at += 3;
          continue;
        }
        at = skipNull(at);
        if (at === 0) return 0;
        continue;
      }
      case LATENCY:
      case BYTES: {
        const text = v128.load(at);
        const length = dottedLength(text);
        const dots = dotsBefore(text, length);
        if (isNumber(at, length, dots)) {
          const value = numberAt(at, length, dots);
          if (op === LATENCY) setLatency(row, value * shape.scale);
          else setBytes(row, value);
          at += length;
          continue;
        }
        at = readAnyNumber(shape, op, at, row);
        if (at === 0) return 0;
        continue;
      }
      case USER: {
        const head = v128.load(at);
        const stops = stopsOf(head);
        const end = stops !== 0 ? at + ctz(stops) : plainEnd(at + 16);
        if (end - at <= 1) {
          if (isAbsentString(at)) {
            at = end;
            continue;
          }
        }
        setUser(row, head, at, end);
        at = end;
        continue;
      }
      case DIMENSION:
      case PATH: {
        at = readDimension(shape, op === PATH, at, row);
        if (at === 0) return 0;
        continue;
      }
      case END_OF_LINE:
        return isComplete() ? at : 0;
      default:
        return 0;
    }
  }
}
