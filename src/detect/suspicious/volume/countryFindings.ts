import { countryName } from "../../../grid/countries.js";
import type { Finding } from "../../finding.js";
import { quoted, regionOfSpots, rounded, suspiciousFinding } from "../findingParts.js";
import type { UserLocationTable } from "../users/userLocationTable.js";
import type { ShareDrift, UnwantedEpisode } from "./countryWatch.js";

/** One finding an unwanted country and episode; graver where users are named, since then somebody is let in. */
export function unwantedFinding(episode: UnwantedEpisode, locations: UserLocationTable, resolution: number): Finding {
  const addresses = [...episode.addresses].sort((a, b) => b[1].requests - a[1].requests);
  const name = countryName(locations.countries.value(episode.country));
  return suspiciousFinding({
    key: name,
    subtype: "unwanted-country",
    severity: episode.named > 0 ? "high" : "medium",
    startMs: episode.startMs,
    endMs: episode.endMs,
    detectedAtMs: episode.detectedAtMs,
    title: `${episode.requests} requests served to ${name}, an unwanted country`,
    region: regionOfSpots(
      locations,
      addresses.map(([, use]) => [use.location, use.requests]),
      resolution,
      "country",
    ),
    measure: "requests",
    observed: episode.requests,
    expected: 0,
    ips: addresses.map(([text]) => text),
    evidence: { named: episode.named, addresses: quoted(addresses, ([ip, use]) => ({ ip, requests: use.requests })) },
  });
}

/** A country's share of a day, unlike the days before. */
export function driftFinding(drift: ShareDrift, locations: UserLocationTable, resolution: number): Finding {
  const code = locations.countries.value(drift.country);
  const percent = (share: number): string => `${rounded(100 * share, 1)}%`;
  const here = Array.from({ length: locations.length }, (_, location) => location).filter(
    (location) => locations.country[location] === drift.country,
  );
  return suspiciousFinding({
    key: code,
    subtype: "share-drift",
    severity: "low",
    startMs: drift.startMs,
    endMs: drift.endMs,
    detectedAtMs: drift.endMs,
    title: `${countryName(code)} has ${percent(drift.share)} of the traffic, usually ${percent(drift.usualShare)}`,
    region: regionOfSpots(
      locations,
      here.map((location) => [location, 1]),
      resolution,
      "country",
    ),
    measure: "share",
    observed: rounded(drift.share, 5),
    expected: rounded(drift.usualShare, 5),
    evidence: { cohensH: rounded(drift.effect), deviations: rounded(drift.deviations, 1), requests: drift.requests },
  });
}
