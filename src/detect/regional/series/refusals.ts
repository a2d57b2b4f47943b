import type { RegionalSeries } from "./regionalSeries.js";

/** The same series with what was turned away in the place of what failed: it is watched by the same rule. */
export function refusalSeries(series: RegionalSeries): RegionalSeries {
  const { traffic } = series;
  return {
    ...series,
    refusals: true,
    traffic: {
      originMs: traffic.originMs,
      bucketMs: traffic.bucketMs,
      bucketCount: traffic.bucketCount,
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
    },
  };
}
