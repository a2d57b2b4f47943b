import { DAY_MS, HOUR_MS, MINUTE_MS, parseDurationMs, parseTimeMs } from "../../core/time.js";
import type { Severity } from "../../detect/finding.js";
import { type CompiledWindow, compileWindow } from "../decide/compileWindow.js";
import { triageError } from "../errors.js";
import { areaOf, compileMatch, type Matcher } from "../judge/compileMatch.js";
import type { CompiledSeverityRule } from "../judge/compileSeverity.js";
import { type Area, joinAreas } from "../judge/regionArea.js";
import { checkReceivers } from "./checkReceivers.js";
import { DEFAULT_INHIBITIONS } from "./defaultInhibitions.js";
import type { Escalation, Inhibition, Policy, Route, Runbook, Silence } from "./policy.js";

/** A policy with its durations in milliseconds, its matches as predicates and its defaults filled in. */
export interface CompiledPolicy {
  readonly alertFrom: Severity;
  readonly tiers: readonly { readonly name: string; readonly matches: Matcher }[];
  readonly severities: readonly CompiledSeverityRule[];
  readonly grouping: { readonly withinMs: number; readonly storm: number; readonly stormWithinMs: number };
  readonly inhibitions: readonly CompiledInhibition[];
  readonly silences: readonly CompiledSilence[];
  readonly windows: readonly CompiledWindow[];
  readonly routes: readonly { readonly route: Route; readonly name: string; readonly matches: Matcher }[];
  readonly defaultReceivers: readonly string[];
  readonly runbooks: readonly { readonly runbook: Runbook; readonly matches: Matcher }[];
  readonly escalations: readonly CompiledEscalation[];
  readonly flapping: { readonly changes: number; readonly withinMs: number; readonly staysMs: number } | null;
  readonly budget: CompiledBudget;
  readonly feedback: Readonly<Record<string, boolean>>;
}

export interface CompiledBudget {
  readonly perHour: number;
  readonly exempt: Severity;
  readonly digest: boolean;
  readonly digestReceivers: readonly string[];
}

export interface CompiledInhibition {
  readonly name: string;
  readonly by: Matcher;
  readonly siteWide: boolean;
  readonly mute: Matcher;
  readonly where: NonNullable<Inhibition["where"]>;
  readonly lingerMs: number;
}

export interface CompiledSilence {
  readonly silence: Silence;
  readonly matches: Matcher;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface CompiledEscalation {
  readonly name: string;
  readonly escalation: Escalation;
  readonly matches: Matcher;
  readonly afterMs: number;
}

/** Makes a policy ready for use. Throws `bad-policy`, naming the path, for what its schema cannot tell. */
export function compilePolicy(policy: Policy): CompiledPolicy {
  checkReceivers(policy);
  const own = ownAreas(policy.regions ?? {});
  const compiler = new Compiler(own);
  return {
    alertFrom: policy.alertFrom ?? "medium",
    tiers: Object.entries(policy.tiers ?? {}).map(([name, match]) => ({
      name,
      matches: compiler.match(match, `tiers.${name}`),
    })),
    severities: compiler.severities(policy.severities ?? []),
    grouping: compiler.grouping(policy.grouping ?? {}),
    inhibitions: compiler.inhibitions(policy.inhibitions ?? DEFAULT_INHIBITIONS),
    silences: compiler.silences(policy.silences ?? []),
    windows: (policy.windows ?? []).map((window, i) => compileWindow(window, `windows[${i}]`, own)),
    ...compiler.telling(policy),
    ...compiler.holding(policy),
    feedback: policy.feedback ?? {},
  };
}

/** The policy's own regions; they may name each other only after they are defined. */
function ownAreas(regions: NonNullable<Policy["regions"]>): ReadonlyMap<string, Area> {
  const own = new Map<string, Area>();
  for (const [name, members] of Object.entries(regions))
    own.set(name, joinAreas([areaOf(members, `regions.${name}`, own)]));
  return own;
}

class Compiler {
  readonly #own: ReadonlyMap<string, Area>;

  constructor(own: ReadonlyMap<string, Area>) {
    this.#own = own;
  }

  match(match: Parameters<typeof compileMatch>[0], path: string): Matcher {
    return compileMatch(match, path, this.#own);
  }

  severities(rules: NonNullable<Policy["severities"]>): CompiledSeverityRule[] {
    return rules.map((rule, i) => ({
      name: rule.name ?? `severities[${i}]`,
      rule,
      matches: this.match(rule.when, `severities[${i}].when`),
      lastsAtLeastMs: durationMs(
        rule.when.lastsAtLeast,
        `severities[${i}].when.lastsAtLeast`,
        Number.NEGATIVE_INFINITY,
      ),
      lastsBelowMs: durationMs(rule.when.lastsBelow, `severities[${i}].when.lastsBelow`, Number.POSITIVE_INFINITY),
    }));
  }

  grouping({ within, storm = 4, stormWithin }: NonNullable<Policy["grouping"]>): CompiledPolicy["grouping"] {
    return {
      withinMs: durationMs(within, "grouping.within", 15 * MINUTE_MS),
      storm,
      stormWithinMs: durationMs(stormWithin, "grouping.stormWithin", 10 * MINUTE_MS),
    };
  }

  inhibitions(rules: readonly Inhibition[]): CompiledInhibition[] {
    return rules.map((rule, i) => ({
      name: rule.name ?? `inhibitions[${i}]`,
      by: this.match(rule.by, `inhibitions[${i}].by`),
      siteWide: rule.by.siteWide ?? false,
      mute: this.match(rule.mute, `inhibitions[${i}].mute`),
      where: rule.where ?? "within",
      lingerMs: durationMs(rule.linger, `inhibitions[${i}].linger`, 30 * MINUTE_MS),
    }));
  }

  silences(silences: readonly Silence[]): CompiledSilence[] {
    return silences.map((silence, i) => {
      const fromMs =
        silence.from === undefined ? Number.NEGATIVE_INFINITY : timeMs(silence.from, `silences[${i}].from`);
      const untilMs = timeMs(silence.until, `silences[${i}].until`);
      if (untilMs <= fromMs)
        throw triageError("bad-policy", { path: `silences[${i}].until`, line: 0, problem: "must be after from" });
      return { silence, matches: this.match(silence.match, `silences[${i}].match`), fromMs, untilMs };
    });
  }

  telling(policy: Policy): Pick<CompiledPolicy, "routes" | "defaultReceivers" | "runbooks" | "escalations"> {
    return {
      routes: (policy.routes ?? []).map((route, i) => ({
        route,
        name: route.name ?? `routes[${i}]`,
        matches: this.match(route.match, `routes[${i}].match`),
      })),
      defaultReceivers: policy.defaultReceivers ?? [],
      runbooks: (policy.runbooks ?? []).map((runbook, i) => ({
        runbook,
        matches: this.match(runbook.match, `runbooks[${i}].match`),
      })),
      escalations: (policy.escalations ?? []).map((escalation, i) => ({
        name: escalation.name ?? `escalations[${i}]`,
        escalation,
        matches: this.match(escalation.match, `escalations[${i}].match`),
        afterMs: durationMs(escalation.after, `escalations[${i}].after`, 0),
      })),
    };
  }

  holding({ flapping = {}, budget, defaultReceivers = [] }: Policy): Pick<CompiledPolicy, "flapping" | "budget"> {
    return {
      flapping:
        flapping === false
          ? null
          : {
              changes: flapping.changes ?? 3,
              withinMs: durationMs(flapping.within, "flapping.within", HOUR_MS),
              staysMs: durationMs(flapping.stays, "flapping.stays", 15 * MINUTE_MS),
            },
      budget: {
        perHour: budget?.alertsPerHour ?? Number.POSITIVE_INFINITY,
        exempt: budget?.exempt ?? "critical",
        digest: budget?.digest ?? true,
        digestReceivers: budget?.digestReceivers ?? defaultReceivers,
      },
    };
  }
}

/** The longest duration that makes sense in a policy. */
const MAX_DURATION_MS = 400 * DAY_MS;

function durationMs(text: string | undefined, path: string, missing: number): number {
  if (text === undefined) return missing;
  try {
    const ms = parseDurationMs(text);
    if (ms <= MAX_DURATION_MS) return ms;
  } catch {
    // told below
  }
  throw triageError("bad-policy", {
    path,
    line: 0,
    problem: `is no duration: ${JSON.stringify(text)} (write 30s, 5m, 1h30m or 2d)`,
  });
}

function timeMs(text: string, path: string): number {
  try {
    return parseTimeMs(text);
  } catch (cause) {
    const problem = `is no time: ${JSON.stringify(text)} (write 2026-03-29T01:00:00Z)`;
    throw triageError("bad-policy", { path, line: 0, problem }, cause);
  }
}
