import { Random } from "../../src/core/random.js";
import { type LatencyModel, latencyModel } from "../../src/steer/latencyModel.js";
import { measuredCube } from "./measuredCube.js";

export interface Site {
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
}

/** A measured round trip between two sites. */
export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly ms: number;
}

/** A pair as predicted by those that its fold left. */
export interface Predicted extends Pair {
  readonly predictedMs: number;
  readonly low: number;
  readonly high: number;
}

/** Every pair predicted by those of the other folds. */
export function pairFolds(
  sites: readonly Site[],
  pairs: readonly Pair[],
  folds: number,
  seed: number,
  modelOf = modelOfSamples,
): Predicted[] {
  const random = new Random(seed);
  const order = pairs.map((_, i) => [random.next(), i] as const).sort(([x], [y]) => x - y);
  const fold = new Uint32Array(pairs.length);
  order.forEach(([, i], at) => {
    fold[i] = at % folds;
  });
  return Array.from({ length: folds }, (_, f) => f).flatMap((f) =>
    predictAll(
      sites,
      pairs.filter((_, i) => fold[i] !== f),
      pairs.filter((_, i) => fold[i] === f),
      modelOf,
    ),
  );
}

/** A model of a log that has some requests of each pair, from clients at its first end to a server at its second. */
export function modelOfLog(sites: readonly Site[], pairs: readonly Pair[]): LatencyModel {
  return latencyModel({ servers: sites, cube: measuredCube(sites, pairs, 40, 1) });
}

/** Every pair predicted twice, each time without any pair of one of its ends, which is called `b`. */
export function leaveSitesOut(left: readonly Site[], pairs: readonly Pair[], sites = left): Predicted[] {
  return left.flatMap(({ name }) => {
    const held = pairs.filter(({ a, b }) => a === name || b === name);
    const kept = pairs.filter(({ a, b }) => a !== name && b !== name);
    return held.length === 0
      ? []
      : predictAll(
          sites,
          kept,
          held.map(({ a, b, ms }) => (b === name ? { a, b, ms } : { a: b, b: a, ms })),
        );
  });
}

export function summary(predicted: readonly Predicted[]) {
  const errors = predicted.map(({ ms, predictedMs }) => Math.abs(predictedMs - ms) / ms).sort((x, y) => x - y);
  const at = (q: number): number => errors[Math.ceil(q * errors.length) - 1]!;
  const covered = predicted.filter(({ ms, low, high }) => low <= ms && ms <= high).length / predicted.length;
  return { median: at(0.5), p90: at(0.9), covered };
}

/**
 * A client at a random site chooses among 5 random servers by the predictions: how often the fastest, and at what mean
 * loss. Predictions of (client, server) are those of `b: server` where there are two.
 */
export function picks(predicted: readonly Predicted[], seed: number, draws = 20_000) {
  const random = new Random(seed);
  const options = new Map<string, Map<string, Predicted>>();
  const add = (client: string, server: string, told: Predicted, isFirst: boolean): void => {
    if (!options.has(client)) options.set(client, new Map());
    if (isFirst || !options.get(client)!.has(server)) options.get(client)!.set(server, told);
  };
  for (const told of predicted) add(told.a, told.b, told, true);
  for (const told of predicted) add(told.b, told.a, told, false);
  const clients = [...options.values()].map((of) => [...of.values()]).filter((of) => of.length >= 5);
  let [fastest, regretMs] = [0, 0];
  for (let draw = 0; draw < draws; draw++) {
    const of = clients[Math.floor(random.next() * clients.length)]!;
    for (let i = 0; i < 5; i++) {
      const j = i + Math.floor(random.next() * (of.length - i));
      [of[i], of[j]] = [of[j]!, of[i]!];
    }
    const five = of.slice(0, 5);
    const chosen = five.reduce((best, one) => (one.predictedMs < best.predictedMs ? one : best));
    const least = Math.min(...five.map(({ ms }) => ms));
    if (chosen.ms <= least) fastest++;
    regretMs += chosen.ms - least;
  }
  return { fastest: fastest / draws, regretMs: regretMs / draws };
}

function modelOfSamples(sites: readonly Site[], pairs: readonly Pair[]): LatencyModel {
  const place = new Map(sites.map((site) => [site.name, site]));
  const samples = pairs.map(({ a, b, ms }) => {
    const { lat, lon } = place.get(a)!;
    return { lat, lon, server: b, latencyMs: ms };
  });
  return latencyModel({ servers: sites, samples });
}

function predictAll(
  sites: readonly Site[],
  kept: readonly Pair[],
  held: readonly Pair[],
  modelOf = modelOfSamples,
): Predicted[] {
  const place = new Map(sites.map((site) => [site.name, site]));
  const model = modelOf(sites, kept);
  return held.map(({ a, b, ms }) => {
    const { lat, lon } = place.get(a)!;
    const { ms: predictedMs, low, high } = model.predict({ lat, lon }, b);
    return { a, b, ms, predictedMs, low, high };
  });
}
