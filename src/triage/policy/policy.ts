import type { FindingKind, Severity } from "../../detect/finding.js";
import type { ReceiverFormat } from "../send/receiver.js";

/** `30s`, `5m`, `1h30m`, `2d`. */
export type Duration = string;
export type OneOrMany<T> = T | readonly T[];

/**
 * Which findings a rule is about: those that meet every condition given; of a list, one is enough. Values of dimensions may
 * hold `*` for any text.
 */
export interface Match {
  readonly kind?: OneOrMany<FindingKind>;
  readonly subtype?: OneOrMany<string>;
  /**
   * A country (`DE`, `Germany`), a continent or UN region by name (`Europe`, `Western Europe`), a subdivision (`DE-HE`,
   * `Hesse, Germany`), a city (`Berlin, Germany`), one of the policy's `regions`, or `world`. Rules that hide (silences,
   * windows, what an inhibition mutes) need all of a finding to lie in it; rules that tell need a part of it.
   */
  readonly region?: OneOrMany<string>;
  /** Short for the dimension `service`. */
  readonly service?: OneOrMany<string>;
  /** What a finding is confined to, or what carries at least half of it. */
  readonly dimensions?: Readonly<Record<string, OneOrMany<string>>>;
  readonly severity?: OneOrMany<Severity>;
  /** One of the policy's `tiers`. */
  readonly tier?: OneOrMany<string>;
  /** Whether events of others tell of it, too; needs such events. */
  readonly seenByOthers?: boolean;
}

/** Conditions on how bad and how sure it is; each is met by what is equal to it. */
export interface SeverityCondition extends Match {
  /** Requests, log-ins … lost. */
  readonly lossAtLeast?: number;
  /** Of the region's own traffic, in [0, 1]. */
  readonly shareAtLeast?: number;
  readonly shareBelow?: number;
  readonly lastsAtLeast?: Duration;
  readonly lastsBelow?: Duration;
  readonly confidenceBelow?: number;
  readonly clientsAtLeast?: number;
  readonly clientsBelow?: number;
}

/** Changes a finding's severity; rules apply in order, each on what the one before left. */
export interface SeverityRule {
  readonly name?: string;
  readonly when: SeverityCondition;
  /** Sets it. */
  readonly severity?: Severity;
  /** Raises it by so many steps. */
  readonly raise?: number;
  readonly lower?: number;
  /** No graver than this. */
  readonly atMost?: Severity;
  /** No milder than this. */
  readonly atLeast?: Severity;
}

/** When several findings are one incident. */
export interface Grouping {
  /** Beginnings so far apart, and pauses so long, are still one. Default 15m. */
  readonly within?: Duration;
  /** So many regions that fail alike within `stormWithin` are one incident, whatever the cause. Default 4; 0 for never. */
  readonly storm?: number;
  /** Default 10m. */
  readonly stormWithin?: Duration;
}

/** One incident hides another while it lasts and for `linger` after. */
export interface Inhibition {
  readonly name?: string;
  readonly by: Match & { readonly siteWide?: boolean };
  readonly mute: Match;
  /** Where the muted lies: within the other, somewhere that both touch, or anywhere. Default within. */
  readonly where?: "within" | "overlapping" | "anywhere";
  /** Default 30m. */
  readonly linger?: Duration;
}

/** Somebody knows already. What a silence hides and still lasts when it ends is told then. */
export interface Silence {
  readonly match: Match;
  /** ISO 8601; default: always was. */
  readonly from?: string;
  /** ISO 8601: every silence ends. */
  readonly until: string;
  readonly author: string;
  readonly reason: string;
}

/** Own maintenance: what begins in it is expected; what outlasts it is told. */
export interface MaintenanceWindow {
  readonly name: string;
  /** What it touches; default everything. */
  readonly match?: Match;
  /** IANA zone of its times, or `local`: where the finding is. Default `local`. */
  readonly zone?: string;
  /** Once: `2026-03-29T01:00` on the zone's clocks (or with `Z` or an offset); every week or day: `01:00`. */
  readonly from: string;
  readonly until: string;
  /** `mon` … `sun`, on which it begins; only for times of day. Default every day. */
  readonly days?: readonly Weekday[];
  /** So long before and after belongs to it. Default 10m. */
  readonly slack?: Duration;
}

export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/** The first route that matches gives the receivers; with `continue`, those after it are asked, too. */
export interface Route {
  readonly name?: string;
  readonly match?: Match;
  readonly receivers: readonly string[];
  readonly continue?: boolean;
}

/**
 * How somebody whom routes name is reached. A policy is read by many: secrets are not in it, only the names of the
 * environment's variables that hold them. Addresses of Slack, Teams and webhooks with a token are secrets.
 */
export interface PolicyReceiver {
  readonly format: ReceiverFormat;
  /** An address that is no secret. */
  readonly url?: string;
  readonly urlEnv?: string;
  /** Of PagerDuty. */
  readonly routingKeyEnv?: string;
  /** Headers by name, each with the variable that holds its value. */
  readonly headersEnv?: Readonly<Record<string, string>>;
  /** Of Alertmanager: more labels, the same for every alert. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** What to do first; the first that matches gives the link, every one its steps until one has a link. */
export interface Runbook {
  readonly match?: Match;
  readonly url?: string;
  readonly steps?: readonly string[];
}

/** What lasts becomes graver, and others hear of it. */
export interface Escalation {
  readonly name?: string;
  readonly after: Duration;
  readonly match?: Match;
  readonly raise?: number;
  readonly receivers?: readonly string[];
}

/** What comes and goes at one place is told a few times and then left alone until it stays. */
export interface Flapping {
  /** From so many beginnings within `within` on. Default 3. */
  readonly changes?: number;
  /** Default 1h. */
  readonly within?: Duration;
  /** What lasts so long does not flap. Default 15m. */
  readonly stays?: Duration;
}

/** How many alerts anybody can read. */
export interface Budget {
  readonly alertsPerHour: number;
  /** As grave or graver is always told, and counts. Default critical. */
  readonly exempt?: Severity;
  /** Whether what is over the budget goes into the digest; else it is suppressed. Default true. */
  readonly digest?: boolean;
  /** Who is told of the digest: one alert, however much is in it. Default `defaultReceivers`. */
  readonly digestReceivers?: readonly string[];
}

/** How findings become alerts: data, so that it can be reviewed, versioned and tested. Everything is optional. */
export interface Policy {
  readonly schema?: "geopivot.policy/1";
  /** Milder findings are no alerts. Default medium. */
  readonly alertFrom?: Severity;
  /** Names for lists of regions, of what {@link Match.region} takes. */
  readonly regions?: Readonly<Record<string, readonly string[]>>;
  /** Names for who is hit: services, customers, places that count for more. */
  readonly tiers?: Readonly<Record<string, Match>>;
  readonly severities?: readonly SeverityRule[];
  /** Default as {@link Grouping} says. */
  readonly grouping?: Grouping;
  /** Default: a region over what lies in it, everything over a region, an attack over the refusals that it meets. */
  readonly inhibitions?: readonly Inhibition[];
  readonly silences?: readonly Silence[];
  readonly windows?: readonly MaintenanceWindow[];
  /**
   * How `watch` reaches receivers, by name. Where it is given, routes may name no other. Default none: who sends alerts
   * knows how.
   */
  readonly receivers?: Readonly<Record<string, PolicyReceiver>>;
  readonly routes?: readonly Route[];
  /** Of what no route takes. Default none. */
  readonly defaultReceivers?: readonly string[];
  readonly runbooks?: readonly Runbook[];
  readonly escalations?: readonly Escalation[];
  /** Default as {@link Flapping} says; false for never. */
  readonly flapping?: Flapping | false;
  /** Default no limit. */
  readonly budget?: Budget;
  /** Verdicts by id of finding: false is never told again, true is never held back by budget or flapping. */
  readonly feedback?: Readonly<Record<string, boolean>>;
}
