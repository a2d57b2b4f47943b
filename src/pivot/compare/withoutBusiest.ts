import type { RegionSide } from "./compareSide.js";

/** A client with more than this share of a region's requests or errors could be mistaken for the region. */
const DOMINANT = 0.1;

/**
 * The region without the client that has most of its errors, or of its requests, if that is more than a tenth; null if
 * there is no such client. What is true of a region is true without any one of its clients.
 */
export function withoutBusiest(side: RegionSide, of: "requests" | "errors"): RegionSide | null {
  const counts = of === "errors" ? side.clientErrors : side.clientCounts;
  const total = of === "errors" ? side.errors : side.count;
  let busiest = -1;
  for (let c = 0; c < counts.length; c++) if (busiest < 0 || counts[c]! > counts[busiest]!) busiest = c;
  if (busiest < 0 || !(counts[busiest]! > DOMINANT * total)) return null;
  const others = (values: Float64Array): Float64Array => values.filter((_, c) => c !== busiest);
  return {
    ...side,
    count: side.count - side.clientCounts[busiest]!,
    errors: side.errors - side.clientErrors[busiest]!,
    clients: side.clients - 1,
    clientCounts: others(side.clientCounts),
    clientErrors: others(side.clientErrors),
  };
}
