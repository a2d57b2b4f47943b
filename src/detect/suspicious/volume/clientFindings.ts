import type { Finding, Severity } from "../../finding.js";
import { regionOfSpots, rounded, suspiciousFinding } from "../findingParts.js";
import type { SuspiciousGuards } from "../suspiciousGuards.js";
import type { UserLocationTable } from "../users/userLocationTable.js";
import type { ClientEpisode } from "./clientWatch.js";
import { GREATEST_IMPACT, type Impact, severityOfImpact } from "./impact.js";
import { steadySigns } from "./surgeFindings.js";

/** One finding for a single address that works like a machine. */
export function clientFinding(
  client: ClientEpisode,
  locations: UserLocationTable,
  resolution: number,
  guards: SuspiciousGuards,
): Finding {
  const signs = steadySigns(client.signs, client.windows);
  const scraper = signs.includes("many-paths");
  const impact = guards.has("impact") ? impactOf(client) : GREATEST_IMPACT;
  const times = Math.round(client.requests / Math.max(1, client.others));
  return suspiciousFinding({
    key: client.text,
    subtype: scraper ? "scraper" : "busy-client",
    severity: severityOf(client, signs.length, impact),
    startMs: client.startMs,
    endMs: client.endMs,
    detectedAtMs: client.detectedAtMs,
    title: `${client.requests} requests from ${client.text}${scraper ? " through many paths" : ""}: ${times} times the mean address`,
    region: regionOfSpots(locations, [[client.location, 1]], resolution),
    measure: "requests",
    observed: client.requests,
    expected: rounded(client.others, 1),
    ips: [client.text],
    evidence: {
      signs,
      shareOfAll: rounded(impact.share),
      load: rounded(impact.load, 2),
      errorShare: rounded(client.errors / client.requests),
      refusedShare: rounded(client.refused / client.requests),
      namedShare: rounded(client.named / client.requests),
      megabytes: rounded(client.kilobytes / 1_000, 1),
    },
  });
}

/** A client that mostly gets server errors is broken, and one sign alone is a script; more are as grave as what they could do. */
function severityOf(client: ClientEpisode, signs: number, impact: Impact): Severity {
  if (client.errors >= client.requests / 2) return "low";
  return severityOfImpact(signs - 1, impact);
}

function impactOf(client: ClientEpisode): Impact {
  return {
    share: Math.max(0, client.requests - client.others) / Math.max(1, client.worldRequests),
    errorShare: client.errors / Math.max(1, client.worldErrors),
    load: client.load,
  };
}
