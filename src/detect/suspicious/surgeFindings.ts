import type { Finding, Severity } from "../finding.js";
import { findingId } from "../findingId.js";
import { regionOfPlaces } from "../regionOfPlaces.js";
import { labelSpots } from "./spotLabels.js";
import type { SpotTable } from "./spotTable.js";
import type { BotSign, SurgeAddress, SurgeEpisode } from "./surgeEpisode.js";

const MAX_LISTED = 1_000;
/** Share of a surge that makes one address its only cause. */
const ONE_CLIENT = 0.8;

/** One finding an episode, its severity by how unlike people the traffic is. */
export function surgeFinding(episode: SurgeEpisode, spots: SpotTable, resolution: number): Finding {
  const addresses = [...episode.addresses.values()].sort((a, b) => b.requests - a.requests || a.key - b.key);
  const single = soleAddress(episode);
  const listed = single === undefined ? addresses : [single];
  const signs = steadySigns(episode.signs, episode.windows);
  const region = regionOfPlaces(
    labelSpots(
      spots,
      listed.map((a) => [a.spot, a.requests]),
    ),
    {
      resolution,
      level: episode.level === "country" ? "country" : "city",
    },
  );
  return {
    id: findingId("traffic-surge", episode.level, episode.startMs, region.name),
    kind: "suspicious-traffic",
    subtype: "traffic-surge",
    severity: single === undefined ? severityOf(signs) : severityOfClient(single),
    confidence: 0.99,
    startMs: episode.startMs,
    endMs: episode.endMs,
    detectedAtMs: episode.detectedAtMs,
    title: `${Math.round(episode.requests)} requests from ${single === undefined ? `${addresses.length} addresses` : single.text}, ${region.name}: ${times(episode)} the usual`,
    region,
    dimensions: episode.path === "" ? {} : { path: episode.path },
    measure: "requests",
    observed: episode.requests,
    expected: Math.round(episode.expected * 10) / 10,
    clients: listed.length,
    users: [],
    ips: listed.slice(0, MAX_LISTED).map((a) => a.text),
    cause: [],
    evidence: {
      level: episode.level,
      signs,
      namedShare: round(episode.named / episode.requests),
      usualNamedShare: round(episode.usualNamed / episode.requests),
      errorShare: round(episode.errors / episode.requests),
      addresses: listed.slice(0, 20).map((a) => ({ ip: a.text, requests: a.requests })),
    },
  };
}

/** The one address that carries a surge, if one does. */
export function soleAddress(episode: SurgeEpisode): SurgeAddress | undefined {
  const least = ONE_CLIENT * (episode.requests - episode.expected);
  for (const address of episode.addresses.values()) if (address.requests >= least) return address;
  return undefined;
}

/** Signs that at least half of the windows show, sorted. */
export function steadySigns(signs: ReadonlyMap<BotSign, number>, windows: number): BotSign[] {
  return [...signs]
    .filter(([, shown]) => 2 * shown >= windows)
    .map(([sign]) => sign)
    .sort();
}

/** A crowd of people is information; the more unlike people, the graver. */
function severityOf(signs: readonly BotSign[]): Severity {
  if (signs.length >= 2) return "high";
  return signs.length === 1 ? (signs[0] === "no-users" ? "medium" : "low") : "info";
}

/** A single client that mostly gets server errors is broken, not hostile. */
function severityOfClient(client: SurgeAddress): Severity {
  return client.errors >= client.requests / 2 ? "low" : "medium";
}

const times = (episode: SurgeEpisode): string => {
  const ratio = episode.requests / Math.max(1, episode.expected);
  return `${ratio < 10 ? Math.round(ratio * 10) / 10 : Math.round(ratio)} times`;
};
const round = (share: number): number => Math.round(share * 1_000) / 1_000;
