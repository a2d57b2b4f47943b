import { type Document, LineCounter, parseDocument } from "yaml";
import { isGeopivotError } from "../../core/errors.js";
import { compilePolicy } from "./compilePolicy.js";
import type { Policy } from "./policy.js";
import { lineOfPath, type PolicyPath, readPath } from "./policyPath.js";
import type { PolicyProblem } from "./policyProblem.js";
import { validate } from "./policyValidator.js";
import { type SchemaError, schemaProblems } from "./schemaProblems.js";

export interface CheckedPolicy {
  /** null if anything is wrong. */
  readonly policy: Policy | null;
  /** In the order of their lines. */
  readonly problems: readonly PolicyProblem[];
}

/** The compiled schema; `errors` are those of the last call. */
const meetsSchema = validate as unknown as {
  (value: unknown): boolean;
  readonly errors: readonly SchemaError[] | null;
};

/** Larger than any policy that people write. */
const MOST_CHARACTERS = 4_000_000;

/** Reads a policy, YAML or JSON, and tells all that is wrong with it. */
export function checkPolicy(text: string): CheckedPolicy {
  if (text.length > MOST_CHARACTERS) return failed([{ path: "", line: 1, problem: "is larger than 4 MB" }]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0)
    return failed(
      document.errors.map(({ pos, message }) => ({
        path: "",
        line: lines.linePos(pos[0]).line,
        problem: `is no YAML: ${message}`,
      })),
    );
  const lineOf = (path: PolicyPath, key: boolean): number => lineOfPath(document, lines, path, key);
  const value = contentsOf(document);
  if (value instanceof Error) return failed([{ path: "", line: 1, problem: `is no YAML: ${value.message}` }]);
  if (!meetsSchema(value)) return failed(schemaProblems(meetsSchema.errors ?? [], value, lineOf));
  return compiled(value as Policy, lineOf);
}

function failed(problems: readonly PolicyProblem[]): CheckedPolicy {
  return { policy: null, problems: [...problems].sort((a, b) => a.line - b.line) };
}

/** What the document holds; the error where its aliases are too many. */
function contentsOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (error) {
    return error as Error;
  }
}

/** What no schema can tell: whether regions, zones and times are ones. The first of it. */
function compiled(policy: Policy, lineOf: (path: PolicyPath, key: boolean) => number): CheckedPolicy {
  try {
    compilePolicy(policy);
    return { policy, problems: [] };
  } catch (error) {
    if (!isGeopivotError(error, "bad-policy")) throw error;
    const { path, problem } = error.details as PolicyProblem;
    return failed([{ path, line: lineOf(readPath(path), false), problem }]);
  }
}
