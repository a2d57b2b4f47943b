import type { RegionalSeries } from "./regionalSeries.js";
import type { Traffic } from "./trafficColumns.js";

/** The same series with what was turned away in the place of what failed: it is watched by the same rule. */
export function refusalSeries(series: RegionalSeries): RegionalSeries {
  return { ...series, refusals: true, traffic: refusedTraffic(series.traffic) };
}

/** Traffic of which what failed is what was turned away. */
export function refusedTraffic(traffic: Traffic): Traffic {
  return {
    get originMs() {
      return traffic.originMs;
    },
    bucketMs: traffic.bucketMs,
    get bucketCount() {
      return traffic.bucketCount;
    },
    ...(traffic.capacity !== undefined && { capacity: traffic.capacity }),
    ...(traffic.startedMs !== undefined && { startedMs: traffic.startedMs }),
    firstBucket: traffic.firstBucket,
    reported: traffic.reported,
    sites: traffic.sites,
    requests: traffic.requests,
    errors: traffic.refused,
    visits: traffic.visits,
    failed: traffic.refusedVisits,
    refused: traffic.refused,
    refusedVisits: traffic.refusedVisits,
    get latency() {
      return traffic.latency;
    },
  };
}
