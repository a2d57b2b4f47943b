import { parseDocument } from "yaml";
import { triageError } from "./errors.js";

/**
 * Reads verdicts on findings, YAML or JSON: `{ "8a2f39674f433f98": false }`, or the same under `feedback`.
 *
 * @throws `bad-feedback`, naming the finding
 */
export function parseFeedback(text: string): Record<string, boolean> {
  const document = parseDocument(text, { prettyErrors: false });
  const value: unknown = document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 });
  const owner = isRecord(value) && isRecord(value.feedback) ? value.feedback : (value ?? {});
  if (document.errors.length > 0 || !isRecord(owner))
    throw triageError("bad-feedback", { path: "the document", found: text.slice(0, 40) });
  for (const [id, verdict] of Object.entries(owner))
    if (typeof verdict !== "boolean") throw triageError("bad-feedback", { path: id, found: JSON.stringify(verdict) });
  return owner as Record<string, boolean>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
