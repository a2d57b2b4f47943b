/** Writes behind each policy of docs/triage.md what it makes of the sample log: npm run triage-doc, after a change of either. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Analysis, analyze } from "../src/analyze.js";
import { alertsTable } from "../src/cli/output/alertsTable.js";
import { triageFindings } from "../src/cli/triageFindings.js";
import { parsePolicy } from "../src/triage/policy/parsePolicy.js";

export const TRIAGE_DOC = "docs/triage.md";

/** The document with every outcome as it is now: a text block behind each block of YAML. */
export function filledTriageDoc(doc: string, { findings, report }: Pick<Analysis, "findings" | "report">): string {
  return doc.replace(/```yaml\n([\s\S]*?)```\n\n```text\n[\s\S]*?```/g, (_, policy: string) => {
    const outcome = alertsTable(triageFindings(findings, report.toMs, parsePolicy(policy)));
    return `\`\`\`yaml\n${policy}\`\`\`\n\n\`\`\`text\n${outcome}\`\`\``;
  });
}

async function fill(): Promise<void> {
  writeFileSync(TRIAGE_DOC, filledTriageDoc(readFileSync(TRIAGE_DOC, "utf8"), await analyze("data/sample.ndjson.gz")));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await fill();
