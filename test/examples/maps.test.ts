import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commandSummaries } from "../../src/cli/commands/commandSummaries.js";
import { program } from "../../src/cli/program.js";
import { watchMetrics } from "../../src/cli/watch/watchMetrics.js";

test("the dashboard for Grafana asks for metrics that a watch serves", () => {
  const counters = {
    ...{ stateFailures: 0, alertsFiring: 0, alertsPending: 0, listeners: 0, policyReloads: 0, eventsReloads: 0 },
    ...{ databaseReloads: 0, reloadFailures: 0, rejected: {} },
  };
  const health = { rejected: {}, dropped: {}, late: {} } as unknown as Parameters<typeof watchMetrics>[0];
  const served = new Set(watchMetrics(health, counters).map(({ name }) => name));
  const { panels } = JSON.parse(readFileSync("examples/grafana/geopivot-watch.json", "utf8")) as {
    readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
  };
  const asked = panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(/geopivot_\w+/g) ?? []));
  expect(asked.length).toBeGreaterThan(15);
  expect(asked.filter((name) => !served.has(name))).toEqual([]);
});

test("commands in docs/maps.md have options that there are", async () => {
  const all = await program(
    commandSummaries.map(({ name }) => name),
    new AbortController().signal,
  );
  const lines = readFileSync("docs/maps.md", "utf8").match(/^geopivot .*$/gm)!;
  expect(lines.length).toBeGreaterThanOrEqual(4);
  for (const line of lines) {
    const { options } = all.commands.find((command) => command.name() === line.split(" ")[1])!;
    for (const [option] of line.matchAll(/--[a-z-]+/g))
      expect(
        options.map(({ long }) => long),
        line,
      ).toContain(option);
  }
});
