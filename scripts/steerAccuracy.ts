/**
 * How well `latencyModel` predicts what it has not seen, on a matrix of round trips between sites: cross-validation over
 * pairs, and over sites. `npx tsx scripts/steerAccuracy.ts SITES.csv PAIRS.csv`, with columns `region,lat,lon` and
 * `a,b,rtt_ms`.
 */
import { readFileSync } from "node:fs";
import {
  leaveSitesOut,
  modelOfLog,
  type Pair,
  type Predicted,
  pairFolds,
  picks,
  type Site,
  summary,
} from "../test/support/latencyAccuracy.js";

const [sitesFile, pairsFile] = process.argv.slice(2);
const rows = (file: string): string[][] =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));
const sites: Site[] = rows(sitesFile!).map(([name, lat, lon]) => ({ name: name!, lat: Number(lat), lon: Number(lon) }));
const pairs: Pair[] = rows(pairsFile!).map(([a, b, ms]) => ({ a: a!, b: b!, ms: Number(ms) }));

const print = (name: string, predicted: readonly Predicted[]): void => {
  const { median, p90, covered } = summary(predicted);
  const { fastest, regretMs } = picks(predicted, 1);
  const percent = (x: number): string => `${(100 * x).toFixed(1)}%`;
  console.log(
    `${name}: error ${(100 * median).toFixed(2)}% median, ${percent(p90)} p90; 90% interval covers ${percent(covered)}; of 5 servers the fastest ${percent(fastest)}, regret ${regretMs.toFixed(2)} ms`,
  );
};
for (const seed of [1, 2, 3, 4, 5]) {
  const start = Date.now();
  print(`10-fold, seed ${seed}`, pairFolds(sites, pairs, 10, seed));
  console.error(`${((Date.now() - start) / 1000).toFixed(1)} s`);
}
print("out of a log, a third of the pairs unseen", pairFolds(sites, pairs, 3, 1, modelOfLog));
print("a site left out", leaveSitesOut(sites, pairs));
