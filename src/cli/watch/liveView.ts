import type { Monitor } from "../../monitor/monitor.js";
import type { Triage } from "../../triage/triage.js";
import { livePicture } from "./livePicture.js";
import { liveRoutes } from "./liveRoutes.js";
import { EventHub } from "./serve/eventHub.js";
import { isLoopback, listenAddress } from "./serve/listenAddress.js";
import { LiveServer } from "./serve/liveServer.js";
import type { Stderr } from "./tell.js";
import { type WatchCounters, watchMetrics } from "./watchMetrics.js";

export interface LiveViewOptions {
  readonly monitor: Monitor;
  readonly files: readonly string[];
  readonly attributions: () => readonly string[];
  /** What triage said last. */
  readonly triaged: () => Triage | undefined;
  readonly counters: () => Omit<WatchCounters, "listeners">;
  readonly stderr: Stderr;
}

/** What `--listen` serves. */
export class LiveView {
  readonly hub: EventHub;
  readonly #server: LiveServer;
  readonly #failures: string[];

  private constructor(hub: EventHub, server: LiveServer, failures: string[]) {
    this.hub = hub;
    this.#server = server;
    this.#failures = failures;
  }

  /** Listens where the command line says; undefined where it says nothing. Throws `bad-option`, `cannot-listen`. */
  static async open(
    { listen, allowHost = [] }: { readonly listen?: string; readonly allowHost?: readonly string[] },
    { monitor, files, attributions, triaged, counters, stderr }: LiveViewOptions,
  ): Promise<LiveView | undefined> {
    if (listen === undefined) return undefined;
    const address = listenAddress(listen);
    const hub = new EventHub(Date.now());
    const failures: string[] = [];
    const rejected = (): number => Object.values(counters().rejected).reduce((sum, lines) => sum + lines, 0);
    const server = await LiveServer.open({
      address,
      names: [...allowHost, address.host].map((name) => name.toLowerCase()),
      hub,
      onError: (error) => stderr.warn(error instanceof Error ? error.message : String(error)),
      routes: liveRoutes({
        monitor,
        picture: () => livePicture(monitor, files, rejected(), attributions(), triaged()),
        triaged,
        metrics: () => watchMetrics(monitor.health(), { ...counters(), listeners: hub.clients }),
        failure: () => failures[0],
      }),
    });
    stderr.note(`listening on ${server.url}`);
    if (!isLoopback(address))
      stderr.warn(`whoever reaches ${server.url} can read the findings: it asks for no password`);
    return new LiveView(hub, server, failures);
  }

  /** Something broke for good. */
  fail(error: unknown): void {
    this.#failures.push(error instanceof Error ? error.message : String(error));
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}
