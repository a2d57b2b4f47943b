/** Compiles each src/<room>/wasm/<name>.as.ts to <name>Wasm.ts beside it: npm run kernels, after any change of one. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const SOURCE = /\.as\.ts$/;
/** The first line of a kernel whose memory threads share. */
const SHARED = "// memory: shared\n";
/** The end of a doc comment that stands for AssemblyScript's decorator: TypeScript's grammar has none for functions. */
const INLINE = /(?<=@inline\s*\*\/\n)(?=(?:export )?function )/g;

/** Every kernel's source; what lies in folders below `wasm` are their parts. */
export function kernelSources(): string[] {
  return readdirSync("src", { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SOURCE.test(entry.name) && basename(entry.parentPath) === "wasm")
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Where a kernel's compiled form lies. */
export function compiledFile(source: string): string {
  return source.replace(SOURCE, "Wasm.ts");
}

/** The module that holds a kernel's bytes. The kernel has no allocator and takes its memory from outside. */
export async function compiledKernel(source: string): Promise<string> {
  const name = basename(source).replace(SOURCE, "");
  const shares = readFileSync(source, "utf8").startsWith(SHARED);
  let bytes = new Uint8Array();
  const { error, stderr } = await asc.main(
    [
      source,
      "--outFile",
      "kernel.wasm",
      "-O3",
      "--noAssert",
      "--runtime",
      "stub",
      "--importMemory",
      "--enable",
      "simd",
      ...(shares ? ["--enable", "threads", "--sharedMemory", "--maximumMemory", "65536"] : []),
    ],
    {
      readFile: (file) => readSource(file),
      writeFile: (file, contents) => {
        if (file === "kernel.wasm") bytes = contents as Uint8Array<ArrayBuffer>;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${source} does not compile\n${stderr.toString()}`, { cause: error });
  const base64 = Buffer.from(bytes).toString("base64");
  return [
    `// Made from ${basename(source)} by npm run kernels; do not edit.`,
    `export const ${name}Wasm =`,
    `  ${JSON.stringify(base64)};`,
    "",
  ].join("\n");
}

function readSource(file: string): string | null {
  try {
    return readFileSync(file, "utf8").replaceAll(INLINE, "@inline ");
  } catch {
    return null;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const source of kernelSources()) writeFileSync(compiledFile(source), await compiledKernel(source));
}
