import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compiledFile, compiledKernel, kernelSources } from "../scripts/buildKernels.js";
import { wasmKernel, wasmMemory } from "../src/core/wasmKernel.js";

const sources = kernelSources();

test.skipIf(sources.length === 0).each(sources)("%s is compiled as it stands", async (source) => {
  expect(readFileSync(compiledFile(source), "utf8")).toBe(await compiledKernel(source));
});

test("what is no kernel is undefined, for the plain path to do the work", () => {
  const memory = wasmMemory(1)!;
  expect(memory.buffer.byteLength).toBe(65_536);
  expect(wasmKernel(Buffer.from("no module").toString("base64"), memory)).toBeUndefined();
});

test("a memory too large is undefined", () => {
  expect(wasmMemory(2 ** 40)).toBeUndefined();
});
