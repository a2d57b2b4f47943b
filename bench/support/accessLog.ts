import { ipv4Text } from "../../src/core/addressColumn.js";
import { Random } from "../../src/core/random.js";

/** One request of a made-up log. */
export interface LogRequest {
  readonly timeMs: number;
  readonly ip: string;
  readonly status: number;
  readonly latencyMs: number;
  readonly user: string;
  readonly path: string;
}

const PATHS = [
  "/",
  "/v1/items",
  "/v1/search",
  "/v1/orders",
  "/v1/me",
  "/login",
  "/docs",
  "/cart",
  "/checkout",
  "/static/app.js",
  "/v1/items/new",
  "/health",
];
const START_MS = Date.UTC(2026, 2, 2);
const USERS = 200_000;

/**
 * A day of requests in time order as a service sees them: 40,000 clients in 1,500 networks, a few of which bring most of
 * the traffic (Zipf's law over the networks).
 */
export function* clusteredRequests(count: number, seed: number): Generator<LogRequest> {
  const random = new Random(seed);
  const networks = Array.from(
    { length: 1500 },
    () => ((1 + random.int(222)) * 2 ** 24 + random.int(2 ** 16) * 2 ** 8) >>> 0,
  );
  const clients = Uint32Array.from({ length: 40_000 }, () => {
    const rank = Math.floor(networks.length ** random.next()) - 1;
    return (networks[rank]! + 1 + random.int(254)) >>> 0;
  });
  for (const request of requests(count, seed + 1))
    yield { ...request, ip: ipv4Text(clients[random.int(clients.length)]!) };
}

/** A day of requests in time order: 200,000 users, each from one of 300,000 addresses, twelve paths. */
export function* requests(count: number, seed: number): Generator<LogRequest> {
  const random = new Random(seed);
  const addresses = Uint32Array.from(
    { length: 300_000 },
    () => ((1 + random.int(222)) * 2 ** 24 + random.int(2 ** 24)) >>> 0,
  );
  for (let i = 0; i < count; i++) {
    const roll = random.next();
    yield {
      timeMs: START_MS + Math.floor((i / count) * 86_400_000),
      ip: ipv4Text(addresses[random.int(addresses.length)]!),
      status: roll < 0.93 ? 200 : roll < 0.96 ? 304 : roll < 0.99 ? 404 : 500,
      latencyMs: Math.round(400 * random.exponential()) / 10 + 5,
      user: `u${100_000 + random.int(USERS)}`,
      path: PATHS[Math.min(random.int(PATHS.length), random.int(PATHS.length))]!,
    };
  }
}

export function ndjsonLine(r: LogRequest): string {
  return `{"ts":${r.timeMs},"ip":"${r.ip}","status":${r.status},"latency_ms":${r.latencyMs},"user":"${r.user}","path":"${r.path}"}\n`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function combinedLine(r: LogRequest): string {
  const iso = new Date(r.timeMs).toISOString();
  const day = `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
  return `${r.ip} - ${r.user} [${day}] "GET ${r.path} HTTP/1.1" ${r.status} ${1000 + r.status} "-" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"\n`;
}
