import type { Dictionary } from "../../core/dictionary.js";
import type { Events } from "../../core/events.js";
import { grown } from "../../core/grown.js";
import type { NetworkTable } from "../../core/networks.js";
import { isMonitorAgent, MONITOR_TAGS } from "./monitorAgents.js";

/** The dimension that holds user agents. */
const AGENT_DIMENSION = "user_agent";

/**
 * Tells requests of health checks and monitors by what they say of themselves: the tag `health-check` of their network, or
 * their user agent. They are watched apart, as their number says nothing about people.
 */
export class MonitorFlags {
  readonly #agents = new WeakMap<Dictionary, Flags>();
  readonly #networks = new WeakMap<NetworkTable, Flags>();

  /** 1 for each row of a batch that is a monitor's; undefined where there can be none. */
  of(events: Events): Uint8Array | undefined {
    const byNetwork = this.#networkFlags(events.networks);
    const agents = events.dimensions.get(AGENT_DIMENSION);
    const byAgent = agents === undefined ? undefined : this.#agentFlags(agents.dictionary);
    if (!byNetwork.any && byAgent?.any !== true) return undefined;
    const flags = new Uint8Array(events.length);
    for (let i = 0; i < events.length; i++)
      flags[i] = byNetwork.flags[events.network[i]!]! | (byAgent === undefined ? 0 : byAgent.flags[agents!.codes[i]!]!);
    return flags;
  }

  #networkFlags(table: NetworkTable): Flags {
    const known = this.#networks.get(table) ?? newFlags();
    extend(known, table.length, (id) => id > 0 && table.at(id)!.tags.some((tag) => MONITOR_TAGS.has(tag)));
    this.#networks.set(table, known);
    return known;
  }

  #agentFlags(dictionary: Dictionary): Flags {
    const known = this.#agents.get(dictionary) ?? newFlags();
    extend(known, dictionary.size, (code) => isMonitorAgent(dictionary.value(code)));
    this.#agents.set(dictionary, known);
    return known;
  }
}

interface Flags {
  flags: Uint8Array;
  length: number;
  any: boolean;
}

const newFlags = (): Flags => ({ flags: new Uint8Array(64), length: 0, any: false });

/** Works out the flags of what was added since. */
function extend(known: Flags, length: number, test: (code: number) => boolean): void {
  if (known.flags.length < length) known.flags = grown(known.flags, 2 * length);
  for (let code = known.length; code < length; code++) {
    if (!test(code)) continue;
    known.flags[code] = 1;
    known.any = true;
  }
  known.length = length;
}
