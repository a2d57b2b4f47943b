/** Compiles policy.schema.json to policyValidator.ts beside it: npm run policy-schema, after any change of the schema. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { transformSync } from "esbuild";

const FOLDER = "src/triage/policy";

/** The module that holds the validator: plain code that needs neither the compiler nor `eval` where it runs. */
export function policyValidatorCode(): string {
  // Descriptions and messages are for people, who read the schema and our own sentences.
  const schema = JSON.parse(readFileSync(`${FOLDER}/policy.schema.json`, "utf8"), withoutDescription);
  const ajv = new Ajv({ allErrors: true, inlineRefs: false, messages: false, code: { source: true, esm: true } });
  const code = (standalone as unknown as { default: typeof standalone })
    .default(ajv, ajv.compile(schema))
    .replace(/export default validate\w*;/, "");
  if (code.includes("require(")) throw new Error("the schema uses what needs a library at run time");
  const { code: minified } = transformSync(code, { minify: true, target: "es2022", format: "esm" });
  return [
    "// Made from policy.schema.json by npm run policy-schema; do not edit.",
    "// @ts-nocheck",
    minified.trimEnd(),
    "",
  ].join("\n");
}

function withoutDescription(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("description" in value)) return value;
  const { description, ...rest } = value;
  return typeof description === "string" ? rest : value;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(`${FOLDER}/policyValidator.ts`, policyValidatorCode());
