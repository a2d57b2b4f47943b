import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { csvText } from "../../src/cli/output/csvText.js";
import { refuseOverwriting, writeOutput } from "../../src/cli/output/writeOutput.js";
import type { PivotTable } from "../../src/pivot/pivotTable.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-outputs-"));
const path = (name: string): string => join(folder, name);

test("an output through a link replaces what it points to, and keeps its permissions", async () => {
  writeFileSync(path("real"), "old");
  chmodSync(path("real"), 0o600);
  symlinkSync(path("real"), path("link"));
  await writeOutput(path("link"), "new");
  expect(lstatSync(path("link")).isSymbolicLink()).toBe(true);
  expect(readFileSync(path("real"), "utf8")).toBe("new");
  expect(statSync(path("real")).mode & 0o777).toBe(0o600);
});

test.skipIf(!existsSync("/dev/null"))("a device is written to and stays one", async () => {
  symlinkSync("/dev/null", path("null"));
  await writeOutput(path("null"), "text");
  expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
});

test("an input is never an output, under whatever name", async () => {
  writeFileSync(path("a.log"), "x");
  symlinkSync(path("a.log"), path("b.json"));
  await expect(refuseOverwriting([path("a.log")], [path("b.json")])).rejects.toMatchObject({
    code: "overwrites-input",
  });
  await refuseOverwriting([path("a.log")], ["-", true, undefined, path("c.json")]);
});

test("what cannot be written is told in words, and leaves nothing behind", async () => {
  writeFileSync(path("file"), "x");
  const failure = writeOutput(join(path("file"), "below"), "text");
  await expect(failure).rejects.toMatchObject({ code: "cannot-write" });
  await expect(failure).rejects.not.toThrow(/E[A-Z]{3,}|\.part/);
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test("cells that a spreadsheet would compute are texts, and control characters are none", () => {
  const cells: Readonly<Record<string, unknown>> = {
    "=name": '=HYPERLINK("x")',
    n: -1.5,
    c: "a\u009bb\u0000",
    q: 'x,"y"',
    none: null,
  };
  const names = Object.keys(cells);
  const table = { columnNames: () => names, numRows: () => 1, get: (name: string) => cells[name] };
  expect(csvText(table as unknown as PivotTable)).toBe(
    `'=name,n,c,q,none\n"'=HYPERLINK(""x"")",-1.5,a\ufffdb\ufffd,"x,""y""",\n`,
  );
});
