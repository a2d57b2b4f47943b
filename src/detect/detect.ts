import type { Events } from "../core/events.js";
import { checkArgument, checkOptions } from "../core/options/checkOptions.js";
import { EVENT_BATCHES } from "../core/options/eventShapes.js";
import type { Shapes } from "../core/options/shape.js";
import { callback, having, list, nested } from "../core/options/shapes.js";
import type { Cube } from "../cube/cube.js";
import { CUBE } from "../cube/cubeShape.js";
import { explainedByAttack } from "./explainedByAttack.js";
import { type Finding, SEVERITIES } from "./finding.js";
import { findingId } from "./findingId.js";
import { mergeRecurring } from "./mergeRecurring.js";
import { hotspotsUnder } from "./regional/findHotspots.js";
import { outagesUnder } from "./regional/findOutages.js";
import { findSlowForDistance, SERVERS, type ServerPosition } from "./regional/findSlowForDistance.js";
import { sameIncident } from "./regional/incidents/sameIncident.js";
import {
  REGIONAL_OPTIONS,
  type RegionalOptions,
  type RegionalSettings,
  regionalSettings,
} from "./regional/regionalOptions.js";
import { type ExpectedLatency, findMisrouted } from "./regional/routing/findMisrouted.js";
import { regionalSeries } from "./regional/series/regionalSeries.js";
import { countSlices } from "./regional/series/sliceSeries.js";
import { withSurgeCauses } from "./surgeCauses.js";
import { findSuspicious } from "./suspicious/findSuspicious.js";
import { SUSPICIOUS_OPTIONS, type SuspiciousOptions } from "./suspicious/suspiciousOptions.js";

/** How everything is judged. */
export interface DetectOptions extends RegionalOptions {
  /** The cube's events, or batches of them in time order: looked through for suspicious traffic. Default none. */
  readonly events?: Events | Iterable<Events>;
  /** How suspicious traffic is told. */
  readonly suspicious?: SuspiciousOptions;
  /**
   * Where requests are answered: places that are slow for their distance are told then, too, and, where a dimension of
   * the cube has the servers' names, clients that a server farther away answers than before. Default none.
   */
  readonly servers?: readonly ServerPosition[];
  /** What clients would see from each server: `(place, server) => model.predict(place, server).ms`. Default by distance. */
  readonly expectedMs?: ExpectedLatency;
  /** Findings made elsewhere, such as by a `SuspiciousDetector` while the log was read: ordered among the others. */
  readonly found?: readonly Finding[];
  /** Called after each step of judging regions: how many are done, and about how many there are. */
  readonly onJudged?: (done: number, steps: number) => void;
}

/** What each option takes. */
export const DETECT_OPTIONS: Shapes<DetectOptions> = {
  ...REGIONAL_OPTIONS,
  events: EVENT_BATCHES,
  suspicious: nested(SUSPICIOUS_OPTIONS),
  servers: SERVERS,
  expectedMs: callback,
  found: list(having("a finding", "kind", "severity"), "findings"),
  onJudged: callback,
};

/** Dimensions worth counting by when a cube is built for {@link detect}: outages are of a service, a PoP or a version. */
export const DETECTION_DIMENSIONS: readonly string[] = ["service", "pop", "version"];

/**
 * Finds what is down, slow or suspicious: gravest first, then by time; the same findings for the same input.
 *
 * Throws `bad-detect-option`, `unknown-option`, `wrong-option`, `wrong-argument`, and what `findSuspicious` throws.
 *
 * @example
 * ```ts
 * for (const finding of detect(cube, { events })) console.log(finding.severity, finding.title);
 * ```
 */
export function detect(cube: Cube, options: DetectOptions = {}): Finding[] {
  checkArgument("detect", "the first argument", cube, CUBE);
  checkOptions("detect", options, DETECT_OPTIONS);
  const { events, suspicious, servers = [], expectedMs, found = [], onJudged, ...regional } = options;
  const settings = regionalSettings(regional);
  const onWatched = onJudged && countSteps(cube, settings, onJudged);
  const outages = outagesUnder(cube, { ...settings, ...(onWatched && { onWatched }) });
  const hotspots = hotspotsUnder(cube, { ...settings, ...(onWatched && { onWatched }) });
  const far = servers.length > 0 ? findSlowForDistance(cube, servers, regional) : [];
  const misrouted = servers.length > 1 ? findMisrouted(cube, servers, { expectedMs }) : [];
  const attacks = events === undefined ? [] : findSuspicious(events, suspicious);
  return findingsTogether({
    outages,
    hotspots,
    misrouted,
    far,
    suspects: withSurgeCauses(cube, [...attacks, ...found]),
  });
}

/** A drop is none where so much of it came by another way. */
const MADE_UP = 0.5;

/** Errors, drops and refusals of places, and latencies; errors, drops and latencies of each dimension. */
const [STEPS, STEPS_A_SLICE] = [4, 3];

function countSteps(
  cube: Cube,
  { guards, sources }: RegionalSettings,
  onJudged: (done: number, steps: number) => void,
): () => void {
  const steps = STEPS + STEPS_A_SLICE * countSlices(regionalSeries(cube, guards, sources));
  let done = 0;
  onJudged(done, steps);
  return () => onJudged(++done, steps);
}

/** What each family of detectors has found. */
export interface FoundByFamily {
  readonly outages: readonly Finding[];
  readonly hotspots: readonly Finding[];
  readonly misrouted?: readonly Finding[];
  readonly far: readonly Finding[];
  readonly suspects: readonly Finding[];
}

/** The findings of all families, each incident once, gravest first. */
export function findingsTogether({ outages, hotspots: slow, misrouted = [], far, suspects }: FoundByFamily): Finding[] {
  // What is down is often slow as well, and so is who is sent the long way: that is one incident, and the cause is told.
  const causes = [...outages, ...misrouted];
  const hotspots = slow.filter((f) => !causes.some((cause) => sameIncident(f, cause)));
  const down = outages.filter(
    (outage) => !explainedByAttack(outage, suspects) && !misrouted.some((moved) => isWayLeft(outage, moved)),
  );
  return orderedFindings(mergeRecurring([...down, ...hotspots, ...misrouted, ...far, ...suspects]));
}

/** Whether what a drop is missing came by a server farther away: where places are told apart by server, one falls silent. */
function isWayLeft(drop: Finding, moved: Finding): boolean {
  const isMade = moved.observed >= MADE_UP * (drop.expected - drop.observed);
  return drop.subtype === "traffic-drop" && isMade && sameIncident(drop, moved);
}

/** Gravest first, then by time, kind and title; none twice. */
export function orderedFindings(findings: readonly Finding[]): Finding[] {
  const rank = (f: Finding): number => SEVERITIES.indexOf(f.severity);
  const taken = new Map<string, number>();
  return [...findings]
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        a.startMs - b.startMs ||
        compare(a.kind, b.kind) ||
        compare(a.subtype, b.subtype) ||
        compare(a.title, b.title),
    )
    .map((finding) => {
      const turn = taken.get(finding.id) ?? 0;
      taken.set(finding.id, turn + 1);
      return turn === 0 ? finding : { ...finding, id: findingId(finding.id, turn) };
    });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
