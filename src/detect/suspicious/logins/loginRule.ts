import type { Shapes } from "../../../core/options/shape.js";
import { either, list, number, text } from "../../../core/options/shapes.js";
import { suspiciousError } from "../errors.js";

/** What log-ins of a path look like, as its owner tells. */
export interface LoginRuleOptions {
  /** The path; a `*` at its end stands for anything. */
  readonly path: string;
  /** Statuses of log-ins that failed: `400`, or `"4xx"`. Default the usual ones. */
  readonly failed?: readonly (number | string)[];
  /** Statuses of log-ins that went through. Default the usual ones. */
  readonly succeeded?: readonly (number | string)[];
  /** Request methods that count; default POST and PUT. */
  readonly methods?: readonly string[];
}

const STATUSES = list(either(number, text), 'statuses: 400, "4xx"');

/** What each option takes. */
export const LOGIN_RULE_OPTIONS: Shapes<LoginRuleOptions> = {
  path: text,
  failed: STATUSES,
  succeeded: STATUSES,
  methods: list(text, "methods"),
};

/** A checked rule. */
export class LoginRule {
  readonly methods: readonly string[] | undefined;
  readonly #path: string;
  readonly #prefix: boolean;
  readonly #failed: StatusTest;
  readonly #succeeded: StatusTest;

  /** Throws `bad-option`. */
  constructor(options: LoginRuleOptions) {
    if (options.path === "") throw bad("path", options.path, "a path");
    this.#prefix = options.path.endsWith("*");
    this.#path = this.#prefix ? options.path.slice(0, -1) : options.path;
    this.methods = options.methods?.map((method) => method.toUpperCase());
    this.#failed = statusTest("failed", options.failed ?? []);
    this.#succeeded = statusTest("succeeded", options.succeeded ?? []);
  }

  /** Whether a path, with or without a query, is the rule's. */
  matches(path: string): boolean {
    const end = path.search(/[?#;]/);
    const bare = end < 0 ? path : path.slice(0, end);
    return this.#prefix ? bare.startsWith(this.#path) : bare === this.#path;
  }

  /** Whether a status is a failure; undefined where the rule does not say. */
  outcome(status: number): boolean | undefined {
    if (this.#failed(status)) return true;
    return this.#succeeded(status) ? false : undefined;
  }
}

type StatusTest = (status: number) => boolean;

function statusTest(option: string, statuses: readonly (number | string)[]): StatusTest {
  const exact = new Set<number>();
  const classes = new Set<number>();
  for (const status of statuses) {
    const text = String(status).toLowerCase();
    if (/^[1-5]\d\d$/.test(text)) exact.add(Number(text));
    else if (/^[1-5]xx$/.test(text)) classes.add(Number(text[0]));
    else throw bad(option, text, "statuses as 400 or 4xx");
  }
  return (status) => exact.has(status) || classes.has(Math.floor(status / 100));
}

const bad = (option: string, value: string, want: string) =>
  suspiciousError("bad-option", { option: `logins.rules ${option}`, value: JSON.stringify(value), want });
