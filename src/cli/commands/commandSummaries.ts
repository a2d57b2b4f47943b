import type { Command } from "commander";

/** What the list of commands says of one, and how it is loaded: commands bring half of the product with them. */
export interface CommandSummary {
  readonly name: string;
  readonly description: string;
  /** Its operand as help writes it. */
  readonly operands: string;
  /** Whether it has no options. */
  readonly optionless?: true;
  readonly load: () => Promise<(signal: AbortSignal) => Command>;
}

/** One file a command; each takes the signal that Ctrl-C raises. */
export const commandSummaries: readonly CommandSummary[] = [
  {
    name: "analyze",
    description: "find regional outages, latency hotspots and suspicious traffic in access logs",
    operands: "<files...>",
    load: async () => (await import("./analyze.js")).analyzeCommand,
  },
  {
    name: "compare",
    description: "regressions by region between two logs, or two values of a dimension (a canary)",
    operands: "<files...>",
    load: async () => (await import("./compare.js")).compareCommand,
  },
  {
    name: "compile",
    description: "fuse databases into one table that --db opens in a fraction of the time",
    operands: "",
    load: async () => (await import("./compile.js")).compileCommand,
  },
  {
    name: "completion",
    description: "a script by which bash, zsh or fish completes commands and options",
    operands: "<shell>",
    optionless: true,
    load: async () => (await import("./completion.js")).completionCommand,
  },
  {
    name: "demo",
    description: "analyse a simulated log with seven incidents: needs no log and no database",
    operands: "",
    load: async () => (await import("./demo.js")).demoCommand,
  },
  {
    name: "events",
    description: "say what was understood of a log: one JSON object an event; with --db, where it came from, too",
    operands: "<files...>",
    load: async () => (await import("./events.js")).eventsCommand,
  },
  {
    name: "explain",
    description:
      "say which slices of the traffic carry a change: places, networks, versions, or one version in one place",
    operands: "<files...>",
    load: async () => (await import("./explain.js")).explainCommand,
  },
  {
    name: "locate",
    description: "say where addresses are: one JSON object a line",
    operands: "<addresses...>",
    load: async () => (await import("./locate.js")).locateCommand,
  },
  {
    name: "pivot",
    description: "one table of the traffic: by place, time and dimensions",
    operands: "<files...>",
    load: async () => (await import("./pivot.js")).pivotCommand,
  },
  {
    name: "policy",
    description: "init: a policy to start with; check FILE: what is wrong with one; schema: its JSON Schema",
    operands: "<action...>",
    load: async () => (await import("./policy.js")).policyCommand,
  },
  {
    name: "report",
    description: "the picture again, without the log: of a saved cube, of findings, or of both",
    operands: "<files...>",
    load: async () => (await import("./report.js")).reportCommand,
  },
  {
    name: "simulate",
    description: "make a log with known incidents: events.ndjson and truth.json",
    operands: "<spec>",
    load: async () => (await import("./simulate.js")).simulateCommand,
  },
  {
    name: "steer",
    description: "say who should serve whom, what a failover costs, and where the next location pays",
    operands: "<files...>",
    load: async () => (await import("./steer.js")).steerCommand,
  },
  {
    name: "sql",
    description: "print the SQL by which ClickHouse computes the same cube",
    operands: "",
    load: async () => (await import("./sql.js")).sqlCommand,
  },
  {
    name: "triage",
    description: "findings to the few alerts that a person can act on, by a policy",
    operands: "<findings>",
    load: async () => (await import("./triage.js")).triageCommand,
  },
  {
    name: "watch",
    description: "tell the same findings as they happen, beside a log: alerts, a live map, metrics",
    operands: "<files...>",
    load: async () => (await import("./watch.js")).watchCommand,
  },
];
