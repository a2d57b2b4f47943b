import { countryName } from "../../../grid/countries.js";
import type { Finding } from "../../finding.js";
import { EGRESS_CLASSES } from "../egressClass.js";
import { regionOfSpots, rounded, suspiciousFinding } from "../findingParts.js";
import type { NetworkUnits } from "../networkUnits.js";
import type { OriginKind, ScopeOrigin } from "./scopeOrigins.js";
import type { UserLocationTable } from "./userLocationTable.js";
import type { NewOrigin, UserOriginKind, UserOrigins } from "./userOrigins.js";

/** Less than one user in so many was seen there: rare. */
const RARE_SHARE = 1 / 200;

/** A well-known user from where they never were; of countries only those that are rare for their peers and for everybody. */
export function userOriginFinding(
  origin: NewOrigin,
  origins: UserOrigins,
  s: OriginNames,
  resolution: number,
): Finding | null {
  const country = origin.kind === "country";
  const peers = country ? origins.shareOfPeers(origin.home, origin.origin) : 0;
  const all = country ? origins.shareOfAll(origin.origin) : 0;
  if (peers >= RARE_SHARE || all >= RARE_SHARE) return null;
  const tor = origin.kind === "tag" && EGRESS_CLASSES[origin.origin] === "tor";
  return suspiciousFinding({
    key: `${origin.user} ${origin.kind}`,
    subtype: "new-origin",
    severity: country || tor ? "low" : "info",
    startMs: origin.timeMs,
    endMs: origin.timeMs,
    detectedAtMs: origin.timeMs,
    title: `${origin.user} from ${nameOf(origin.kind, origin.origin, s)} for the first time`,
    region: regionOfSpots(s.locations, [[origin.location, 1]], resolution),
    measure: "requests",
    observed: 1,
    expected: 0,
    users: [origin.user],
    ips: [origin.address],
    evidence: {
      kind: origin.kind,
      home: countryName(s.locations.countries.value(origin.home)),
      shareOfPeers: rounded(peers, 5),
      shareOfUsers: rounded(all, 5),
    },
  });
}

/** A service or a group of users reached from somewhere for the first time. */
export function scopeOriginFinding(origin: ScopeOrigin, s: OriginNames, resolution: number): Finding {
  return suspiciousFinding({
    key: `${origin.dimension} ${origin.value} ${origin.kind} ${origin.origin}`,
    subtype: "new-origin",
    severity: origin.kind === "country" ? "low" : "info",
    startMs: origin.timeMs,
    endMs: origin.timeMs,
    detectedAtMs: origin.timeMs,
    title: `${origin.dimension} ${origin.value} reached from ${nameOf(origin.kind, origin.origin, s)} for the first time`,
    region: regionOfSpots(
      s.locations,
      [[origin.location, 1]],
      resolution,
      origin.kind === "country" ? "country" : "city",
    ),
    dimensions: { [origin.dimension]: origin.value },
    measure: "requests",
    observed: 1,
    expected: 0,
    ips: [origin.address],
    evidence: { kind: origin.kind },
  });
}

function nameOf(kind: UserOriginKind | OriginKind, origin: number, { locations, networks }: OriginNames): string {
  if (kind === "country") return countryName(locations.countries.value(origin));
  if (kind === "region") return locations.regions.value(origin).split("|").reverse().join(", ");
  if (kind === "device") return "a device";
  return kind === "network" ? networks.labels.value(origin) : `a ${EGRESS_CLASSES[origin]} network`;
}

/** What tells the names of origins. */
export interface OriginNames {
  readonly locations: UserLocationTable;
  readonly networks: NetworkUnits;
}
