import type { Finding, FindingSeries } from "../../finding.js";
import { quoted, regionOfSpots, rounded, suspiciousFinding } from "../findingParts.js";
import type { SuspiciousGuards } from "../suspiciousGuards.js";
import type { UserLocationTable } from "../users/userLocationTable.js";
import { GREATEST_IMPACT, type Impact, severityOfImpact } from "./impact.js";
import type { BotSign, SurgeAddress, SurgeEpisode } from "./surgeEpisode.js";

/** Share of a surge that makes one address its only cause. */
const ONE_CLIENT = 0.8;

/** One finding an episode; a crowd of people is information, what is unlike people is as grave as what it could do. */
export function surgeFinding(
  episode: SurgeEpisode,
  locations: UserLocationTable,
  resolution: number,
  guards: SuspiciousGuards,
): Finding {
  const addresses = [...episode.addresses.values()].sort((a, b) => b.requests - a.requests || a.key - b.key);
  const sole = soleAddress(episode);
  const listed = sole === undefined ? addresses : [sole];
  const signs = steadySigns(episode.signs, episode.windows.length);
  const level = episode.level === "country" ? "country" : "city";
  const weights = listed.map((a) => [a.location, a.requests] as const);
  const region = regionOfSpots(locations, weights, resolution, level);
  const impact = guards.has("impact") ? impactOf(episode) : GREATEST_IMPACT;
  const who = sole === undefined ? `${addresses.length} addresses` : sole.text;
  return suspiciousFinding({
    key: `${episode.level} ${region.name}`,
    subtype: "traffic-surge",
    severity: sole === undefined ? severityOfImpact(signs.length, impact) : "low", // a single address that is busy enough is a finding of its own
    startMs: episode.startMs,
    endMs: episode.endMs,
    detectedAtMs: episode.detectedAtMs,
    title: `${Math.round(episode.requests)} requests from ${who}, ${region.name}: ${times(episode)} the usual`,
    region,
    dimensions: episode.path === "" ? {} : { path: episode.path },
    measure: "requests",
    observed: episode.requests,
    expected: rounded(episode.expected, 1),
    ips: listed.map((a) => a.text),
    clients: listed.length,
    series: seriesOf(episode),
    evidence: {
      level: episode.level,
      signs,
      namedShare: rounded(episode.named / episode.requests),
      usualNamedShare: rounded(episode.usualNamed / episode.requests),
      errorShare: rounded(episode.errors / episode.requests),
      shareOfAll: rounded(impact.share),
      load: rounded(impact.load, 2),
      addresses: quoted(listed, (a) => ({ ip: a.text, requests: a.requests })),
    },
  });
}

function seriesOf({ windows }: SurgeEpisode): FindingSeries {
  return {
    bucketMs: windows.length > 0 ? windows[0]!.endMs - windows[0]!.startMs : 0,
    timeMs: windows.map((w) => w.startMs),
    observed: windows.map((w) => w.requests),
    expected: windows.map((w) => rounded(w.expected, 2)),
  };
}

/** The one address that carries a surge, if one does. */
export function soleAddress(episode: SurgeEpisode): SurgeAddress | undefined {
  const least = ONE_CLIENT * (episode.requests - episode.expected);
  for (const address of episode.addresses.values()) if (address.requests >= least) return address;
  return undefined;
}

/** How many addresses a surge is spread over, each counted by its weight: (Σ requests)² / Σ requests². */
export function effectiveAddresses(episode: SurgeEpisode): number {
  let [sum, squares] = [0, 0];
  for (const { requests } of episode.addresses.values()) {
    sum += requests;
    squares += requests * requests;
  }
  return (sum * sum) / Math.max(1, squares);
}

/** Signs that at least half of the windows show, sorted. */
export function steadySigns(signs: ReadonlyMap<BotSign, number>, windows: number): BotSign[] {
  return [...signs]
    .filter(([, shown]) => 2 * shown >= windows)
    .map(([sign]) => sign)
    .sort();
}

function impactOf(episode: SurgeEpisode): Impact {
  return {
    share: Math.max(0, episode.requests - episode.expected) / Math.max(1, episode.worldRequests),
    errorShare: episode.errors / Math.max(1, episode.worldErrors),
    load: episode.load,
  };
}

const times = (episode: SurgeEpisode): string => {
  const ratio = episode.requests / Math.max(1, episode.expected);
  return `${ratio < 10 ? Math.round(ratio * 10) / 10 : Math.round(ratio)} times`;
};
