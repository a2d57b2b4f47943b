import { logLikelihoodRatio } from "../scan/evidence.js";
import type { Incident, SequentialScan } from "../scan/sequentialScan.js";
import type { Traffic } from "../series/trafficColumns.js";
import type { TrafficSignal } from "../signals/trafficSignal.js";

/** All traffic is down when it falls below this share of what was to be expected. */
const DIP = 0.75;
/** Nats of evidence for a dip of everything, beyond what the world's own fluctuation explains. */
const EVIDENCE = 25;
/** Relative variance of the whole world's traffic: 5% up and down are no news. */
const WORLD_VARIANCE = 0.0025;
/** A site of fewer expected requests is not told to have stood aside. */
const CLEAR = 30;
/** Dips that are apart by fewer buckets than this are one. */
const LULL = 6;

/** Times at which all traffic fell at once: a lost collector, or everything is down. No region's outage. */
export function globalDrops(traffic: Traffic, signal: TrafficSignal, watch: SequentialScan): Incident[] {
  const n = traffic.sites.length;
  const dips: Incident[] = [];
  let run: { from: number; to: number; observed: number; expected: number; detected: number } | null = null;
  const close = (): void => {
    if (run !== null && run.detected >= 0) dips.push(dipOf(traffic, signal, watch, run));
    run = null;
  };
  for (let t = 0; t < traffic.bucketCount; t++) {
    const movement = signal.movement[t]!;
    if (run !== null && t - run.to > LULL) close();
    if (movement >= DIP || !signal.ready(t)) continue;
    run ??= { from: t, to: t, observed: 0, expected: 0, detected: -1 };
    run.to = t;
    for (let s = 0; s < n; s++) {
      run.observed += traffic.requests[t * n + s]!;
      run.expected += watch.expected[t * n + s]! / Math.max(movement, 1e-9);
    }
    const evidence = logLikelihoodRatio("drop", run.observed, run.expected) / (1 + WORLD_VARIANCE * run.expected);
    if (run.detected < 0 && evidence > EVIDENCE) run.detected = t;
  }
  close();
  return dips;
}

/** All sites belong to a dip but those that clearly did not take part in it. */
function dipOf(
  traffic: Traffic,
  signal: TrafficSignal,
  watch: SequentialScan,
  run: { from: number; to: number; observed: number; expected: number; detected: number },
): Incident {
  const n = traffic.sites.length;
  const sites: number[] = [];
  const middle = (1 + run.observed / Math.max(1, run.expected)) / 2;
  for (let s = 0; s < n; s++) {
    let [observed, expected] = [0, 0];
    for (let t = run.from; t <= run.to; t++) {
      observed += traffic.requests[t * n + s]!;
      expected += watch.expected[t * n + s]! / Math.max(signal.movement[t]!, 1e-9);
    }
    if (expected < CLEAR || observed < middle * expected) sites.push(s);
  }
  const zone = { kind: "world", sites, radiusKm: 0, centre: -1, fringe: sites };
  return {
    signal,
    seed: 0,
    seedKind: "world",
    zone,
    from: run.from,
    to: run.to,
    detected: run.detected,
    negLogP: 2 * EVIDENCE,
    threshold: EVIDENCE,
    own: signal.own,
    shared: signal.shared,
  };
}
