import { expect, test } from "vitest";
import { hasHexEscape } from "../../src/read/json/parseJson.js";

const encoder = new TextEncoder();

test.each([
  ["nothing", false],
  ["\\x41", true],
  ["\\\\x41", false],
  ["\\\\\\x41", true],
  ['\\"\\n', false],
  ["\\", false],
])("whether %j has a hex escape, and not what lies around it", (text, has) => {
  const bytes = encoder.encode(`\\x41${text}\\x41`);
  expect(hasHexEscape(bytes, 4, bytes.length - 4)).toBe(has);
});

test("a log of damaged lines costs what its bytes cost", () => {
  const line = encoder.encode(`{damaged ${"x".repeat(290)}}\n`);
  const lines = 10_000;
  const bytes = new Uint8Array(lines * line.length);
  for (let i = 0; i < lines; i++) bytes.set(line, i * line.length);
  const cpuMs = (run: () => void): number => {
    const from = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1000;
  };
  // A search of all that follows each line would be thousands of passes.
  const passes = cpuMs(() => {
    for (let i = 0; i < 100; i++) expect(bytes.indexOf(92)).toBe(-1);
  });
  const byLine = cpuMs(() => {
    for (let i = 0; i < lines; i++) hasHexEscape(bytes, i * line.length, (i + 1) * line.length);
  });
  expect(byLine).toBeLessThan(passes);
});
