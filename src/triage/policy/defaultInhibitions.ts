import type { Inhibition } from "./policy.js";

/** What hides what where a policy does not say: own maintenance hides more, and is a window. */
export const DEFAULT_INHIBITIONS: readonly Inhibition[] = [
  {
    name: "site-wide over regional",
    by: { kind: ["regional-outage", "latency-hotspot"], siteWide: true },
    mute: { kind: ["regional-outage", "latency-hotspot"] },
    where: "anywhere",
  },
  {
    name: "region over its parts",
    by: { kind: "regional-outage" },
    mute: { kind: ["regional-outage", "latency-hotspot"] },
  },
  { name: "slow region over its slow parts", by: { kind: "latency-hotspot" }, mute: { kind: "latency-hotspot" } },
  {
    name: "attack over its refusals",
    by: { kind: "suspicious-traffic" },
    mute: { subtype: ["refused", "login-outage"] },
    where: "overlapping",
  },
];
