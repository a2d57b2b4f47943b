import { addressText } from "../../core/addressColumn.js";
import type { Events } from "../../core/events.js";
import type { Finding } from "../finding.js";
import { addressKey } from "./addressKey.js";
import { quoted, regionOfSpots, rounded, suspiciousFinding } from "./findingParts.js";
import type { UserLocationTable } from "./users/userLocationTable.js";

/** A monitor fails when so many of its checks of one window, and so large a share, do. */
const MIN_FAILED = 2;
const FAILED_SHARE = 0.5;
/** Windows without a failing monitor that end an episode. */
const QUIET_WINDOWS = 3;
const MAX_MONITORS = 10_000;
const MAX_EPISODES = 1_000;

interface Monitor {
  readonly text: string;
  location: number;
  window: number;
  requests: number;
  failed: number;
}

interface Episode {
  readonly startMs: number;
  endMs: number;
  readonly monitors: Map<number, { readonly text: string; readonly location: number; failed: number }>;
}

/** Watches health checks and monitors by themselves: what they see is told as theirs, and counts as nobody's traffic. */
export class MonitorWatch {
  readonly #monitors = new Map<number, Monitor>();
  readonly #episodes: Episode[] = [];
  readonly #locations: UserLocationTable;
  readonly #windowMs: number;

  constructor(locations: UserLocationTable, windowMs: number) {
    this.#locations = locations;
    this.#windowMs = windowMs;
  }

  /** Takes a request of a monitor. */
  add(events: Events, i: number): void {
    const key = addressKey(events.client, i);
    const window = Math.floor(events.timeMs[i]! / this.#windowMs);
    let monitor = this.#monitors.get(key);
    if (monitor === undefined) {
      if (this.#monitors.size >= MAX_MONITORS) return;
      monitor = { text: addressText(events.client, i), location: 0, window, requests: 0, failed: 0 };
      this.#monitors.set(key, monitor);
    }
    monitor.location = this.#locations.idsOf(events.places, events.place.subarray(i, i + 1))[events.place[i]!]!;
    if (window > monitor.window) {
      this.#end(key, monitor);
      [monitor.window, monitor.requests, monitor.failed] = [window, 0, 0];
    }
    monitor.requests++;
    if (events.status[i]! >= 400) monitor.failed++;
  }

  /** One finding a stretch of time in which monitors failed. */
  findings(resolution: number): Finding[] {
    for (const [key, monitor] of this.#monitors) this.#end(key, monitor);
    return this.#episodes.map((episode) => this.#finding(episode, resolution));
  }

  #end(key: number, { window, requests, failed, text, location }: Monitor): void {
    if (failed < MIN_FAILED || failed < FAILED_SHARE * requests) return;
    const startMs = window * this.#windowMs;
    const endMs = startMs + this.#windowMs;
    const near = QUIET_WINDOWS * this.#windowMs;
    let episode = this.#episodes.findLast((e) => startMs <= e.endMs + near && endMs >= e.startMs - near);
    if (episode === undefined) {
      if (this.#episodes.length >= MAX_EPISODES) return;
      this.#episodes.push((episode = { startMs, endMs, monitors: new Map() }));
    }
    episode.endMs = Math.max(episode.endMs, endMs);
    const known = episode.monitors.get(key);
    if (known === undefined) episode.monitors.set(key, { text, location, failed });
    else known.failed = Math.max(known.failed, failed);
  }

  #finding({ startMs, endMs, monitors }: Episode, resolution: number): Finding {
    const failing = [...monitors.values()];
    const all = this.#monitors.size;
    return suspiciousFinding({
      key: "monitors",
      subtype: "monitors-failing",
      severity: "low",
      startMs,
      endMs,
      detectedAtMs: startMs + this.#windowMs,
      title: `${failing.length} ${failing.length === 1 ? "monitor fails" : "monitors fail"} of ${all}`,
      region: regionOfSpots(
        this.#locations,
        failing.map((m) => [m.location, m.failed]),
        resolution,
      ),
      measure: "monitors",
      observed: failing.length,
      expected: 0,
      ips: failing.map((m) => m.text),
      evidence: {
        share: rounded(failing.length / Math.max(1, all)),
        monitors: quoted(failing, (m) => ({ ip: m.text, failed: m.failed })),
      },
    });
  }
}
