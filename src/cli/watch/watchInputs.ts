import type { Holidays } from "../../detect/regional/signals/holidays.js";
import type { CatalogueEntry } from "../../grid/regions/catalogue.js";
import type { Locator } from "../../locate/locator.js";
import type { Policy } from "../../triage/policy/policy.js";
import type { TriageOptions } from "../../triage/triage.js";
import { openCommandLocator, warn } from "../input/openCommandLocator.js";
import { readHolidays } from "../input/readHolidays.js";
import { readOutageEvents } from "../input/readOutageEvents.js";
import { readPolicy } from "../input/readPolicy.js";
import { readServers } from "../input/readServers.js";
import { refuseOverwriting } from "../output/writeOutput.js";
import { checkLogs } from "./logs/openLogs.js";
import { wallClock } from "./wallClock.js";
import type { WatchOptions } from "./watchOptions.js";
import { type WatchReceivers, watchReceivers } from "./watchReceivers.js";

/** What the files and the environment hold that the command line names. */
export interface WatchInputs {
  readonly policy: Policy;
  readonly receivers: WatchReceivers;
  readonly opinion: Pick<TriageOptions, "secondOpinion">;
  readonly servers: readonly CatalogueEntry[];
  readonly holidays: Holidays;
  readonly locator: Locator;
}

/** Reads them all, so that what is wrong with any is said before anything begins. */
export async function readWatchInputs(
  files: readonly string[],
  options: WatchOptions,
  interrupt: AbortSignal,
): Promise<WatchInputs> {
  const read = [options.policy, options.events].filter((path) => path !== undefined);
  await refuseOverwriting([...files, ...read], [options.journal]);
  await checkLogs(files);
  const policy = await readPolicy(options.policy);
  const receivers = watchReceivers(options, policy, process.env);
  const opinion = await readOutageEvents(options.events);
  const servers = options.servers === undefined ? [] : await readServers(options.servers);
  const holidays = options.holidays === undefined ? {} : await readHolidays(options.holidays, wallClock.nowMs());
  const locator = await openCommandLocator(options, interrupt);
  warn(locator.warnings);
  return { policy, receivers, opinion, servers, holidays, locator: locator as Locator };
}
