import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv } from "ajv";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { filledTriageDoc, TRIAGE_DOC } from "../../scripts/fillTriageDoc.js";
import { type Analysis, analyze } from "../../src/analyze.js";
import { checkPolicy } from "../../src/triage/policy/checkPolicy.js";
import { hasCityDatabase } from "../support/cityDatabase.js";

const doc = readFileSync(TRIAGE_DOC, "utf8");
const blocks = [...doc.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language, text]) => ({ language, text: text! }));
const policies = blocks.flatMap(({ language, text }, i) =>
  language === "yaml" ? [[text, blocks[i + 1]] as const] : [],
);

test("every policy in docs/triage.md is valid by the schema, and has its outcome behind it", () => {
  const validate = new Ajv().compile(JSON.parse(readFileSync("src/triage/policy/policy.schema.json", "utf8")));
  expect(policies.length).toBeGreaterThan(6);
  for (const [text, outcome] of policies) {
    expect(validate(parse(text)), text).toBe(true);
    expect(checkPolicy(text).problems).toEqual([]);
    expect(outcome?.language).toBe("text");
  }
});

test("docs/triage.md names every field of a policy", () => {
  const schema = JSON.parse(readFileSync("src/triage/policy/policy.schema.json", "utf8"));
  const { match, severityRule } = schema.definitions;
  const fields = [schema, match, severityRule, severityRule.properties.when].flatMap(({ properties }) =>
    Object.keys(properties),
  );
  expect([...new Set(fields)].filter((name) => name !== "schema" && !doc.includes(name))).toEqual([]);
});

describe.skipIf(!hasCityDatabase)("on the sample log", () => {
  let analysis: Analysis;
  beforeAll(async () => {
    analysis = await analyze("data/sample.ndjson.gz");
  });

  test("each policy in docs/triage.md makes what stands behind it", () => {
    expect(filledTriageDoc(doc, analysis), "npm run triage-doc").toBe(doc);
  });

  test("its code runs as a monitor would", async () => {
    const code = blocks.find(({ language }) => language === "ts")!.text;
    const { result } = await runModule(code);
    expect(result.alerts).toHaveLength(7);
    expect(result.news.filter((line) => line.startsWith("opened"))).toHaveLength(7);
    expect(result.news.filter((line) => line.startsWith("resolved"))).toHaveLength(7);
    expect(result.news).toContain("opened: Traffic from Germany down 93% (9 of 122 expected)");
  });
});

interface DocResult {
  readonly result: { readonly alerts: readonly unknown[]; readonly news: readonly string[] };
}

/** The code of a block as a module: written beside the tests, so that it imports the package as the tests do. */
async function runModule(code: string): Promise<DocResult> {
  const folder = mkdtempSync(join("test", "triage", "doc-"));
  try {
    const path = resolve(folder, "example.ts");
    writeFileSync(path, code);
    return (await import(/* @vite-ignore */ path)) as DocResult;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
