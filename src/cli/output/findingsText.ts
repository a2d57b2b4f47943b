import type { FindingsJson } from "../../report/payloads/findingsJson.js";
import { jsonText } from "./jsonText.js";

/**
 * The text of a findings document, a finding at a time: exactly `jsonText(document, 2)`, which as one string
 * would end at half a gigabyte.
 */
export function* findingsText({ findings, ...head }: FindingsJson): Generator<string> {
  const begin = jsonText(head, 2).slice(0, -"\n}".length);
  if (findings.length === 0) yield `${begin},\n  "findings": []\n}\n`;
  else {
    yield `${begin},\n  "findings": [\n`;
    const last = findings.length - 1;
    for (const [i, finding] of findings.entries()) {
      const lines = jsonText(finding, 2).split("\n");
      yield `    ${lines.join("\n    ")}${i < last ? "," : ""}\n`;
    }
    yield "  ]\n}\n";
  }
}
