import { expect, test } from "vitest";
import { TickTimes } from "../../src/monitor/health/tickTimes.js";

test("a tick is the work from a bucket's closing on, not that of taking its events nor what others did in between", () => {
  let now = 0;
  const ticks = new TickTimes(() => now);
  function* work(): Generator<void, void> {
    now += 100; // events are taken
    yield;
    now += 50;
    ticks.begin();
    now += 3;
    yield;
    now += 4;
    ticks.end();
    now += 60; // a snapshot
    yield;
  }
  for (const _ of ticks.timed(work())) now += 1_000;
  expect(ticks.summary).toEqual({ last: 7, p99: 7, max: 7 });
});
