import type { DropChannel } from "./dropChannel.js";
import { logLikelihoodRatio } from "./evidence.js";
import type { Incident, RegionalWatch } from "./regionalWatch.js";
import type { Traffic } from "./traffic.js";

/** All traffic is down when it falls below this share of what was to be expected. */
const DIP = 0.75;
/** Nats of evidence for a dip of everything, beyond what the world's own fluctuation explains. */
const EVIDENCE = 25;
/** Relative variance of the whole world's traffic: 5% up and down are no news. */
const WORLD_VARIANCE = 0.0025;
/** Dips that are apart by fewer buckets than this are one. */
const LULL = 6;

/** Times at which all traffic fell at once: a lost collector, or everything is down. No region's outage. */
export function globalDips(traffic: Traffic, channel: DropChannel, watch: RegionalWatch): Incident[] {
  const n = traffic.sites.length;
  const dips: Incident[] = [];
  let run: { from: number; to: number; observed: number; expected: number; detected: number } | null = null;
  const close = (): void => {
    if (run !== null && run.detected >= 0) dips.push(dipOf(traffic, channel, run));
    run = null;
  };
  for (let t = 0; t < traffic.bucketCount; t++) {
    const movement = channel.movement[t]!;
    if (run !== null && t - run.to > LULL) close();
    if (movement >= DIP || !channel.ready(t)) continue;
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

function dipOf(traffic: Traffic, channel: DropChannel, run: { from: number; to: number; detected: number }): Incident {
  const sites = Array.from({ length: traffic.sites.length }, (_, s) => s);
  const zone = { kind: "world", sites, radiusKm: 0, centre: -1, fringe: sites };
  return {
    channel,
    zone,
    from: run.from,
    to: run.to,
    detected: run.detected,
    surprise: 2 * EVIDENCE,
    threshold: EVIDENCE,
  };
}
