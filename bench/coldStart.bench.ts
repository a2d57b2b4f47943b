// What a fresh process takes for the main job on the sample: processor time of `analyze`, beside that of parsing its lines.
//
//   npm run build && npm run bench -- coldStart [--cli ../other/dist/cli.js]
import { parseArgs } from "node:util";
import { analyzeSeconds, parseSeconds } from "../test/support/coldStart.js";
import { saveResults } from "./support/saveResults.js";

const { values } = parseArgs({ options: { cli: { type: "string", default: "dist/cli.js" } } });
const LOG = "data/sample.ndjson.gz";
const rounds = Array.from({ length: 5 }, () => ({
  analyze: analyzeSeconds(LOG, values.cli),
  parse: parseSeconds(LOG),
}));
const median = (seconds: number[]): number => seconds.sort((a, b) => a - b)[seconds.length >> 1]!;
const analyze = median(rounds.map((round) => round.analyze));
const parse = median(rounds.map((round) => round.parse));
console.log(`analyze ${analyze.toFixed(2)} s, JSON.parse ${parse.toFixed(2)} s: ${(analyze / parse).toFixed(1)} times`);
saveResults("coldStart", { analyze, parse, ratio: analyze / parse });
