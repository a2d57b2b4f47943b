import { spawnSync } from "node:child_process";

/** Writes the processor time of a process to its stderr when it ends, in microseconds. */
const TELL = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => { const { user, system } = process.cpuUsage(); process.stderr.write('\\ncpu ' + (user + system) + '\\n'); });",
)}`;
/** What any reader of the log has to do: unpack it and parse its lines. */
const PARSE = `const { readFileSync } = require("fs"); const { gunzipSync } = require("zlib");
for (const line of gunzipSync(readFileSync(process.argv[1])).toString().split("\\n")) if (line !== "") JSON.parse(line);`;

/** Processor time in seconds of a fresh process that parses the log's lines. */
export const parseSeconds = (log: string): number => cpuSeconds(["-e", PARSE, log]);

/** Processor time in seconds of a fresh `analyze` of the log by a build of the command line. */
export const analyzeSeconds = (log: string, cli = "dist/cli.js"): number => cpuSeconds([cli, "analyze", log]);

function cpuSeconds(args: readonly string[]): number {
  const { stderr, status } = spawnSync(process.execPath, ["--import", TELL, ...args], { encoding: "utf8" });
  const cpu = /^cpu (\d+)$/m.exec(stderr)?.[1];
  if (status !== 0 || cpu === undefined) throw new Error(`it ended with ${status}: ${stderr}`);
  return Number(cpu) / 1e6;
}
