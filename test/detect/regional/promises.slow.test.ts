import { expect, test } from "vitest";
import type { Events } from "../../../src/core/events.js";
import { Random } from "../../../src/core/random.js";
import { Cube } from "../../../src/cube/cube.js";
import { detect } from "../../../src/detect/detect.js";
import type { Finding } from "../../../src/detect/finding.js";
import { CITIES, MONDAY_MS, regionalTraffic, type TrafficPlan } from "../../support/regionalTraffic.js";

const HOUR = 3_600_000;
const findingsOf = (events: Events, falseAlarmsPerWeek = 0.05): Finding[] =>
  detect(Cube.from(events), { falseAlarmsPerWeek });

/** One incident of each seed's own: a country, failing, slow or silent. */
function incident(seed: number): TrafficPlan {
  const random = new Random(seed);
  const country = random.pick([...new Set(CITIES.map((c) => c.country))]);
  const start = MONDAY_MS + 50 * HOUR + random.next() * 6 * HOUR;
  const end = start + (20 + random.int(40)) * 60_000;
  const kind = seed % 3;
  return {
    seed,
    change: (r, t, own) => {
      if (t < start || t >= end || r.city.country !== country) return r;
      if (kind === 0) return own.next() < 0.85 ? null : r;
      return kind === 1 ? { ...r, status: own.next() < 0.4 ? 503 : r.status } : { ...r, latencyMs: 2.2 * r.latencyMs };
    },
  };
}

test("detectedAt is honest: the log cut off there reports the finding, in 20 seeds", () => {
  let told = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const events = regionalTraffic(incident(seed));
    for (const finding of findingsOf(events)) {
      const length = events.timeMs.findIndex((t) => t >= finding.detectedAtMs);
      const cut = findingsOf(length < 0 ? events : { ...events, length });
      const same = cut.find(
        (f) => f.subtype === finding.subtype && f.region.countries.some((c) => finding.region.countries.includes(c)),
      );
      expect(same, `seed ${seed}: ${finding.title}`).toBeDefined();
      expect(same!.detectedAtMs).toBe(finding.detectedAtMs);
      told++;
    }
  }
  expect(told).toBeGreaterThanOrEqual(18);
});

test("one false alarm a week is asked for: quiet logs alarm 0.3 to 1.5 times a week", () => {
  let alarms = 0;
  let weeks = 0;
  for (let seed = 101; seed <= 140; seed++) {
    // Monday to Friday: four days of judged traffic after one of history.
    const events = regionalTraffic({ seed, hours: 120, perMinute: 40 });
    alarms += findingsOf(events, 1).length;
    weeks += 4 / 7;
  }
  expect(alarms / weeks).toBeGreaterThanOrEqual(0.3);
  expect(alarms / weeks).toBeLessThanOrEqual(1.5);
});
