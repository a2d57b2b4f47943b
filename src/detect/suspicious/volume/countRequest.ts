import type { Events } from "../../../core/events.js";
import * as W from "./addressWindow.js";

/**
 * Adds a request to the row of its address.
 *
 * @param at - where the row begins in `window.rows`
 * @param path - code of the request's path; 0 where there is none
 * @param named - whether the request names somebody
 */
export function countRequest(
  window: W.AddressWindow,
  at: number,
  events: Events,
  i: number,
  path: number,
  startMs: number,
  named: boolean,
): void {
  const { rows, floats } = window;
  const since = events.timeMs[i]! - startMs;
  const gap = rows[at + W.W_COUNT] === 0 ? 0 : (since - rows[at + W.W_LAST]!) / 1_000;
  rows[at + W.W_COUNT]! += 1;
  rows[at + W.W_LAST] = since;
  floats[at + W.W_GAPS]! += gap * gap;
  if (named) {
    rows[at + W.W_NAMED]! += 1;
    rows[at + W.W_USER_BITS]! |= 1 << (events.user.low[i]! >>> 27);
  }
  const status = events.status[i]!;
  if (status >= 500) rows[at + W.W_ERRORS]! += 1;
  else if (status >= 400 && status !== 404) rows[at + W.W_REFUSED]! += 1;
  const bytes = events.bytes[i]!;
  if (bytes > 0) floats[at + W.W_KILOBYTES]! += bytes / 1_000;
  if (path === 0) return;
  rows[at + W.W_PATH_BITS]! |= 1 << (Math.imul(path, 0x9e3779b1) >>> 27);
  if (rows[at + W.W_PATH_VOTES] === 0) rows[at + W.W_PATH] = path;
  rows[at + W.W_PATH_VOTES]! += rows[at + W.W_PATH] === path ? 1 : -1;
}
