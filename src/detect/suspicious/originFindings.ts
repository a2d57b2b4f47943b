import { countryName } from "../../grid/countries.js";
import type { Finding } from "../finding.js";
import { EGRESS_CLASSES } from "./egressClass.js";
import { regionOfSpots, rounded, suspiciousFinding } from "./findingParts.js";
import type { NetworkUnits } from "./networkUnits.js";
import type { ScopeOrigin } from "./scopeOrigins.js";
import type { SpotTable } from "./spotTable.js";
import type { NewOrigin, UserOrigins } from "./userOrigins.js";

/** Less than one user in so many was seen there: rare. */
const RARE_SHARE = 1 / 200;

/** A well-known user in a country that is new for them, and rare for their peers and for everybody; or behind a first tunnel. */
export function userOriginFinding(
  origin: NewOrigin,
  origins: UserOrigins,
  spots: SpotTable,
  resolution: number,
): Finding | null {
  const country = origin.kind === "country";
  const [peers, all] = country
    ? [origins.shareOfPeers(origin.home, origin.origin), origins.shareOfAll(origin.origin)]
    : [0, 0];
  if (peers >= RARE_SHARE || all >= RARE_SHARE) return null;
  const name = country
    ? countryName(spots.countries.value(origin.origin))
    : `a ${EGRESS_CLASSES[origin.origin]} network`;
  return suspiciousFinding({
    key: origin.user,
    subtype: "new-origin",
    severity: country || EGRESS_CLASSES[origin.origin] === "tor" ? "low" : "info",
    startMs: origin.timeMs,
    endMs: origin.timeMs,
    detectedAtMs: origin.timeMs,
    title: `${origin.user} from ${name} for the first time`,
    region: regionOfSpots(spots, [[origin.spot, 1]], resolution),
    measure: "requests",
    observed: 1,
    expected: 0,
    users: [origin.user],
    ips: [origin.address],
    evidence: {
      kind: origin.kind,
      home: countryName(spots.countries.value(origin.home)),
      shareOfPeers: rounded(peers, 5),
      shareOfUsers: rounded(all, 5),
    },
  });
}

/** A service or a group of users reached from somewhere for the first time. */
export function scopeOriginFinding(
  origin: ScopeOrigin,
  spots: SpotTable,
  networks: NetworkUnits,
  resolution: number,
): Finding {
  return suspiciousFinding({
    key: `${origin.dimension} ${origin.value} ${origin.kind} ${origin.origin}`,
    subtype: "new-origin",
    severity: origin.kind === "country" ? "low" : "info",
    startMs: origin.timeMs,
    endMs: origin.timeMs,
    detectedAtMs: origin.timeMs,
    title: `${origin.dimension} ${origin.value} reached from ${nameOf(origin, spots, networks)} for the first time`,
    region: regionOfSpots(spots, [[origin.spot, 1]], resolution, origin.kind === "country" ? "country" : "city"),
    dimensions: { [origin.dimension]: origin.value },
    measure: "requests",
    observed: 1,
    expected: 0,
    ips: [origin.address],
    evidence: { kind: origin.kind },
  });
}

function nameOf(origin: ScopeOrigin, spots: SpotTable, networks: NetworkUnits): string {
  if (origin.kind === "country") return countryName(spots.countries.value(origin.origin));
  if (origin.kind === "region") return spots.regions.value(origin.origin).split("|").reverse().join(", ");
  return origin.kind === "network"
    ? networks.labels.value(origin.origin)
    : `a ${EGRESS_CLASSES[origin.origin]} network`;
}
