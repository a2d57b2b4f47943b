import type { Dictionary } from "../../../core/dictionary.js";
import type { CodeColumn, Events } from "../../../core/events.js";
import { grown } from "../../../core/grown.js";
import type { Shapes } from "../../../core/options/shape.js";
import { having, list, nested, text } from "../../../core/options/shapes.js";
import { LOGIN_RULE_OPTIONS, type LoginRule, type LoginRuleOptions } from "./loginRule.js";

/** How a log-in is told from another request. */
export interface LoginOptions {
  /** The dimension that tells; default `path`. */
  readonly dimension?: string;
  /** What its value matches; default the usual paths of log-ins: `/login`, `/signin`, `/oauth/token` … */
  readonly pattern?: RegExp;
  /** Request methods that count, where the log has any; default POST and PUT. */
  readonly methods?: readonly string[];
  /** Paths that are log-ins beside those, and what their outcomes look like. Default none. */
  readonly rules?: readonly LoginRuleOptions[];
}

/** What each option takes. */
export const LOGIN_OPTIONS: Shapes<LoginOptions> = {
  dimension: text,
  pattern: having("a regular expression: /login/", "exec", "source"),
  methods: list(text, "methods"),
  rules: list(nested<LoginRuleOptions>(LOGIN_RULE_OPTIONS), "rules: { path, failed, succeeded }"),
};

export const DEFAULT_LOGIN_PATTERN =
  /(?:^|\/)(?:log-?in|sign-?in|log-?on|authenticate|sessions?|oauth2?\/token|connect\/token|wp-login\.php|xmlrpc\.php)(?:[/?#.;]|$)/i;

/** The status of a request that was refused for who asks: it proves nothing about where a user is. */
export const isDenied = (status: number): boolean => status === 401 || status === 403 || status === 407;

/** Tells log-ins by dictionary code, so that a pattern is matched once a value and not once a request. */
export class LoginRules {
  readonly #dimension: string;
  readonly #values: FlagsByCode;
  readonly #methods: FlagsByCode;

  /** @param rules - paths that count beside those of the pattern, whatever the methods of others are */
  constructor(options: LoginOptions = {}, rules: readonly LoginRule[] = []) {
    const pattern = options.pattern ?? DEFAULT_LOGIN_PATTERN;
    const methods = new Set(options.methods ?? ["POST", "PUT"]);
    const ruled = new Set(rules.flatMap((rule) => rule.methods ?? []));
    this.#dimension = options.dimension ?? "path";
    this.#values = new FlagsByCode((text) => {
      const rule = rules.find((r) => r.matches(text));
      if (rule !== undefined) return rule.methods === undefined ? USUAL : RULED;
      return text !== "" && text.search(pattern) >= 0 ? USUAL : 0;
    });
    this.#methods = new FlagsByCode((text) => {
      const method = text.toUpperCase();
      return (text === "" || methods.has(method) ? USUAL : 0) | (text === "" || ruled.has(method) ? RULED : 0);
    });
  }

  /** Tells for the rows of one batch. */
  of(events: Events): LoginTest {
    const value = events.dimensions.get(this.#dimension);
    const method = events.dimensions.get("method");
    return new LoginTest(value && this.#values.of(value), method && this.#methods.of(method));
  }
}

/** Whether a row is a log-in, by four reads. */
export class LoginTest {
  readonly #value: FlaggedColumn | undefined;
  readonly #method: FlaggedColumn | undefined;

  constructor(value: FlaggedColumn | undefined, method: FlaggedColumn | undefined) {
    this.#value = value;
    this.#method = method;
  }

  /** The path, or what else tells log-ins. */
  path(row: number): string {
    const value = this.#value;
    return value === undefined ? "" : value.dictionary.value(value.codes[row]!);
  }

  is(row: number): boolean {
    const value = this.#value;
    if (value === undefined) return false;
    const flag = value.flags[value.codes[row]!]!;
    if (flag === 0) return false;
    const method = this.#method;
    return method === undefined || (method.flags[method.codes[row]!]! & flag) !== 0;
  }
}

/** Bits of flags: what the usual methods, and what the methods of a rule make a log-in. */
const USUAL = 1;
const RULED = 2;

interface FlaggedColumn {
  readonly dictionary: Dictionary;
  readonly codes: Uint32Array;
  readonly flags: Uint8Array;
}

/** One flag a dictionary code, worked out when the dictionary has grown. */
class FlagsByCode {
  readonly #test: (text: string) => number;
  readonly #known = new WeakMap<Dictionary, { flags: Uint8Array; length: number }>();

  constructor(test: (text: string) => number) {
    this.#test = test;
  }

  of(column: CodeColumn): FlaggedColumn {
    const { codes, dictionary } = column;
    const known = this.#known.get(dictionary) ?? { flags: new Uint8Array(64), length: 0 };
    if (known.flags.length < dictionary.size) known.flags = grown(known.flags, 2 * dictionary.size);
    for (let code = known.length; code < dictionary.size; code++) {
      known.flags[code] = this.#test(dictionary.value(code));
    }
    known.length = dictionary.size;
    this.#known.set(dictionary, known);
    return { dictionary, codes, flags: known.flags };
  }
}
