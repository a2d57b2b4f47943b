import type { Locator } from "../../locate/locator.js";
import { findDatabases } from "../../locate/sources/findDatabases.js";
import { watchFiles } from "../../locate/sources/watchFiles.js";
import type { Policy } from "../../triage/policy/policy.js";
import { readNetworks } from "../input/openCommandLocator.js";
import { readPolicy } from "../input/readPolicy.js";
import type { WatchOptions } from "./watchOptions.js";

export interface ReloadsOptions {
  readonly options: WatchOptions;
  readonly locator: Locator;
  readonly onPolicy: (policy: Policy) => void;
  readonly onEvents: (path: string) => Promise<void>;
  readonly onDatabases: () => void;
  /** Told of what was refused; what there was goes on to be used. */
  readonly onRefused: (text: string) => void;
}

/** Takes the policy, the events of others and the databases anew whenever their files change, and on SIGHUP. Returns what ends it. */
export function startReloads({
  options,
  locator,
  onPolicy,
  onEvents,
  onDatabases,
  onRefused,
}: ReloadsOptions): () => void {
  const databases = options.db ?? findDatabases();
  const refused = (what: string) => (error: unknown) => onRefused(`${what} was not taken: ${(error as Error).message}`);
  const policy = (): void => {
    if (options.policy !== undefined) readPolicy(options.policy).then(onPolicy).catch(refused(options.policy));
  };
  const events = (): void => {
    if (options.events !== undefined) onEvents(options.events).catch(refused(options.events));
  };
  const places = (): void => {
    reloadDatabases(options, locator, databases).then(onDatabases).catch(refused("a location database"));
  };
  const all = (): void => {
    policy();
    events();
    places();
  };
  const stops = [
    watchFiles(options.policy === undefined ? [] : [options.policy], policy, 500),
    watchFiles(options.events === undefined ? [] : [options.events], events, 500),
    watchFiles([...databases, ...(options.networks === undefined ? [] : [options.networks])], places),
  ];
  process.on("SIGHUP", all);
  return () => {
    process.off("SIGHUP", all);
    for (const stop of stops) stop();
  };
}

async function reloadDatabases(options: WatchOptions, locator: Locator, databases: readonly string[]): Promise<void> {
  const networks = options.networks === undefined ? [] : await readNetworks(options.networks);
  await locator.reload({ databases: [...databases], networks });
}
