import type { Events } from "../../core/events.js";
import type { Finding } from "../finding.js";
import { SuspiciousDetector } from "./suspiciousDetector.js";
import type { SuspiciousGuards } from "./suspiciousGuards.js";
import type { SuspiciousOptions } from "./suspiciousOptions.js";

/**
 * Finds impossible travel, credential stuffing and surges in events, or in batches of events in time order.
 *
 * Throws `bad-option` and `bad-coordinates`.
 */
export function findSuspicious(
  events: Events | Iterable<Events>,
  options: SuspiciousOptions = {},
  guards?: SuspiciousGuards,
): Finding[] {
  const detector = new SuspiciousDetector(options, guards);
  for (const batch of Symbol.iterator in events ? events : [events]) detector.push(batch);
  detector.finish();
  return detector.findings();
}
