import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verdictOf } from "../../src/cli/exitCodes.js";
import { separateDatabases } from "../../src/cli/input/argumentOrder.js";
import { program } from "../../src/cli/program.js";
import { writeMmdb } from "../locate/writeMmdb.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wrong-"));
  const berlin = {
    country: { iso_code: "DE" },
    city: { names: { en: "Berlin" } },
    location: { latitude: 52.5, longitude: 13.4 },
  };
  await writeFile(join(folder, "city.mmdb"), writeMmdb({ networks: [["81.2.69.0/24", berlin]], ipVersion: 4 }));
  const lines = Array.from({ length: 300 }, (_, i) => {
    const ts = new Date(Date.UTC(2026, 2, 2) + 60_000 * i).toISOString();
    return JSON.stringify({
      ts,
      ip: `81.2.69.${i % 200}`,
      status: 200,
      latency_ms: 20,
      service: i % 2 ? "api" : "web",
      version: "4.2.0",
    });
  });
  await writeFile(join(folder, "a.log"), `${lines.join("\n")}\n`);
  await writeFile(join(folder, "binary.bin.gz"), Buffer.from([0x1f, 0x8b, 8, 0, 0xff, 0xfe, 1, 2, 3]));
  await writeFile(join(folder, "spec.json"), "{}");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a run ends with: its exit code, and what it says. */
async function run(args: string): Promise<{ readonly exitCode: number; readonly said: string }> {
  const argv = args.split(" ").map((arg) => arg.replace(/^@/, `${folder}/`));
  const database = /^(?:pivot|analyze|compare|explain|events)/.test(args)
    ? ["--db", join(folder, "city.mmdb"), "--no-cache"]
    : [];
  const written: string[] = [];
  const write = process.stderr.write;
  process.stderr.write = ((text: string) => written.push(String(text))) as never;
  try {
    const all = separateDatabases([...argv, ...database]);
    await (await program(all, new AbortController().signal)).parseAsync(all, { from: "user" });
    return { exitCode: 0, said: written.join("") };
  } catch (error) {
    const { exitCode, line } = verdictOf(error);
    return { exitCode, said: `${written.join("")}${line}` };
  } finally {
    process.stderr.write = write;
  }
}

// What is asked, and what the answer must name: the fix, or what there is.
const WRONG: readonly [args: string, names: RegExp][] = [
  ["pivot @a.log --by contry", /did you mean country/],
  ["pivot @a.log --by country --columns servce", /did you mean service/],
  ["pivot @a.log --by country --columns nosuch", /it has service, version/],
  ["pivot @a.log --by hours", /did you mean hour/],
  ["pivot @a.log --by country --where nosuch=1", /it has service, version/],
  ["pivot @a.log --by country --where contry=DE", /did you mean country/],
  ["pivot @a.log --by country --where country=Germny", /did you mean Germany/],
  ["pivot @a.log --by country --where service=ap", /did you mean api/],
  ["pivot @a.log --by country --where service!=wob", /did you mean web/],
  ["pivot @a.log --by country --where city=Berln", /did you mean Berlin/],
  ["pivot @a.log --by country --where service", /name=value/],
  ["pivot @a.log --by country --measure cuont", /count/],
  ["pivot @a.log --by country --measure p", /p95/],
  ["pivot @a.log --by country,country", /once/],
  ["pivot @a.log --by country --map stat=code", /did you mean status/],
  ["pivot @a.log --by country --map ipp=remote", /did you mean ip/],
  ["pivot @a.log --by country --map tenant=t", /nothing that this command looks at/],
  ["pivot @a.log --by country --map status", /name=field/],
  ["pivot @a.log --by country --top 0", /whole number/],
  ["pivot @a.log --by country --top many", /whole number/],
  ["pivot @a.log --by country --from yesterday", /ISO 8601/],
  ["pivot @a.log --by hour --time-zone Mars/Olympus", /Mars\/Olympus/],
  ["pivot @a.log --by cell:9", /cell:0 to cell:4/],
  ["pivot @a.log --by country --min-clients -1", /whole number/],
  ["pivot @a.log --by country --csv --json", /--csv/],
  ["pivot @a.log --by country --bucket 5x", /30s, 5m, 1h or 2d/],
  ["pivot @a.log --by country --resolution 16", /from 0 to 15/],
  ["pivot @nosuch.log --by country", /nosuch\.log/],
  ["pivot", /missing required argument 'files'/],
  ["pivot @a.log --bye country", /--by/],
  ["analyze", /missing required argument 'files'/],
  ["analyze @a.log --buket 5m", /--bucket/],
  ["analyze @a.log --dims nosuch", /it has service, version/],
  ["analyze @a.log --dims servce", /did you mean service/],
  ["analyze @a.log --where servce=api", /servce/],
  ["analyze @a.log --where service=nosuch", /no event of the log meets it/],
  ["analyze @a.log --exclude agnt=x", /agnt/],
  ["analyze @a.log --where path", /name=value/],
  ["analyze @a.log --fail-on sever", /critical, high, medium, low, info/],
  ["analyze @a.log --false-alarms-per-week -1", /positive number/],
  ["analyze @a.log --workers 0", /from 1 to 256/],
  ["analyze @a.log --format combinde", /combined/],
  ["analyze @a.log --trust 10.0.0.0/99", /prefix length/],
  ["analyze @a.log --trust mars", /IP address/],
  ["analyze @a.log --log-time-zone CETT", /CETT/],
  ["analyze @a.log --map tenant=t", /nothing that this command looks at/],
  ["analyze @a.log --json - --html -", /stdout/],
  ["analyze @a.log --json @a.log", /overwrite/],
  ["analyze @binary.bin.gz", /binary\.bin\.gz/],
  ["analyze @a.log --networks @nosuch.json", /nosuch\.json/],
  ["analyze @a.log --servers @spec.json", /name, lat and lon|servers/],
  ["compare @a.log", /two logs, or --split/],
  ["compare @a.log @a.log @a.log", /two logs, or --split/],
  ["compare @a.log @a.log --by contry", /did you mean country/],
  ["compare @a.log --split version", /dimension=before,after/],
  ["compare @a.log --split version=4.2.0,9", /a version that the log has/],
  ["compare @a.log @a.log --align daily", /hour/],
  ["compare @a.log @a.log --quantile 2", /quantile/],
  ["explain @a.log", /--from/],
  ["explain @a.log --from x --to y", /ISO 8601/],
  ["explain @a.log --from 1999-01-01 --to 1999-01-02", /2026-03-02/],
  ["explain @a.log --from 2026-03-02T02:00Z --to 2026-03-02T03:00Z --dims servce", /did you mean service/],
  ["explain @a.log --from 2026-03-02T02:00Z --to 2026-03-02T03:00Z --measure erors", /errors/],
  ["explain @a.log --from 2026-03-02T02:00Z --to 2026-03-02T03:00Z --against before", /previous, baseline/],
  ["events @a.log --limit none", /whole number/],
  ["events @a.log --map stat=code", /did you mean status/],
  ["events @a.log --finding x", /--findings/],
  ["locate", /missing required argument/],
  ["report @binary.bin.gz --html @x.html", /geopivot/],
  ["report @a.log", /--html/],
  ["simulate @nosuch.json --out @x", /nosuch\.json/],
  ["simulate @binary.bin.gz --out @x", /JSON/],
  ["compile", /--out/],
  ["analyse @a.log", /analyze/],
];

test.each(WRONG)("%s", async (args, names) => {
  const { exitCode, said } = await run(args);
  expect(said).toMatch(names);
  expect(exitCode).toBe(2);
  // Nothing that a terminal or a log could not show.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(said).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\ufffd]/);
});

test("countries may be given by name, and files and options in any order", async () => {
  expect(await run("pivot --where country=germany @a.log --by city")).toMatchObject({ exitCode: 0 });
  expect(await run("analyze @a.log --where country=Germany")).toMatchObject({ exitCode: 0 });
});
