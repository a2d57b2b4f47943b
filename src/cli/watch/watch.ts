import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { FindingChange } from "../../monitor/journal/findingChange.js";
import { Monitor } from "../../monitor/monitor.js";
import type { MonitorOptions } from "../../monitor/monitorOptions.js";
import { readOutageEvents } from "../input/readOutageEvents.js";
import { fileErrorReason } from "../output/fileErrorReason.js";
import { AlertDesk } from "./alertDesk.js";
import { ChangeJournal } from "./changeJournal.js";
import { LiveView } from "./liveView.js";
import { LogPositions } from "./logs/logPositions.js";
import { isResumed, type OpenLogsOptions, openLogs } from "./logs/openLogs.js";
import { startReloads } from "./reloads.js";
import { StateFile } from "./stateFile.js";
import { changeText, Stderr } from "./tell.js";
import { WatchEnd } from "./watchEnd.js";
import { readWatchInputs, type WatchInputs } from "./watchInputs.js";
import { lineOptions, monitorOptions } from "./watchMonitor.js";
import type { WatchOptions } from "./watchOptions.js";
import { unreachable, watchReceivers } from "./watchReceivers.js";
import { WatchService } from "./watchService.js";
import { WatchTally } from "./watchTally.js";

/** Requests on their way have so long to end, at the end of a service and at the end of a log. */
const GRACE_MS = 2_000;
const LAST_GRACE_MS = 10_000;

/** Runs `geopivot watch` until its logs end, or it is told to. */
export async function watch(files: readonly string[], options: WatchOptions, interrupt: AbortSignal): Promise<void> {
  const stderr = new Stderr();
  const tally = new WatchTally();
  const end = new WatchEnd(interrupt);
  const inputs = await readWatchInputs(files, options, interrupt);
  const kept = await openKept(options, stderr);
  const journal = options.journal === undefined ? undefined : new ChangeJournal(options.journal, stderr.warn);
  const settings = monitorOptions(options, inputs);
  // A monitor that goes on where one before stopped may have something to tell before anybody listens.
  const early: FindingChange[] = [];
  let take = (change: FindingChange): unknown => early.push(change);
  const monitor = openMonitor(settings, (change) => take(change), stderr);
  const desk = await openDesk(options, inputs, kept.alerts, monitor, stderr);
  const view = await openView(files, options, { inputs, kept, monitor, desk, tally, stderr });
  const logs = logOptions(options, settings, { kept, monitor, tally, end, stderr });
  const service = new WatchService({
    monitor,
    desk,
    journal,
    hub: view?.hub,
    speed: options.replay === true ? (options.speed ?? 1) : undefined,
    beginsWithHistory: files.some((one) => one !== "-") && options.replay !== true && !isResumed(files, logs),
    signal: end.signal,
    onChange: (change) => {
      if (options.journal !== "-") process.stdout.write(`${changeText(change)}\n`);
    },
    onWarning: stderr.warn,
  });
  take = (change) => service.take(change);
  for (const change of early) service.take(change);
  const stopReloads = takeAnew(options, inputs, { desk, service, tally, stderr });
  try {
    await service.run(openLogs(files, logs));
    await desk?.close(end.signal.aborted ? GRACE_MS : LAST_GRACE_MS);
  } catch (error) {
    view?.fail(error);
    throw error;
  } finally {
    stopReloads();
    journal?.close();
    await view?.close();
    await inputs.locator.close();
    end.close();
  }
  tally.tellRejected(stderr);
}

/** What outlives the process, beside what the monitor keeps. */
interface Kept {
  readonly alerts: StateFile;
  readonly positions: LogPositions;
  readonly failures: () => number;
}

async function openKept({ state }: WatchOptions, stderr: Stderr): Promise<Kept> {
  if (state !== undefined)
    await mkdir(state, { recursive: true }).catch((error: Error) => stderr.warn(`${state}: ${error.message}`));
  const file = (name: string): StateFile =>
    new StateFile(state === undefined ? undefined : join(state, name), stderr.warn);
  const [alerts, positions] = [file("alerts.json"), file("positions.json")];
  return {
    alerts,
    positions: await LogPositions.open(positions),
    failures: () => alerts.failures + positions.failures,
  };
}

function openMonitor(settings: MonitorOptions, onChange: (change: FindingChange) => void, stderr: Stderr): Monitor {
  return new Monitor({
    ...settings,
    onChange,
    onError: (error) => {
      // Mostly state that cannot be written.
      const reason = settings.state === undefined ? undefined : fileErrorReason(error);
      if (reason !== undefined) stderr.warn(`the state in ${settings.state} cannot be written: ${reason}`);
      else stderr.warn(error instanceof Error ? error.message : String(error));
    },
  });
}

/** Alerts, where anybody is told of them or looks at them. */
async function openDesk(
  options: WatchOptions,
  { policy, receivers, opinion }: WatchInputs,
  file: StateFile,
  monitor: Monitor,
  stderr: Stderr,
): Promise<AlertDesk | undefined> {
  const isWanted = receivers.always.length > 0 || options.policy !== undefined || options.listen !== undefined;
  if (!isWanted) return undefined;
  const problem = options.policy === undefined ? undefined : unreachable(receivers, policy);
  if (problem !== undefined) stderr.warn(problem);
  return AlertDesk.open({
    policy,
    receivers,
    opinion,
    file,
    onDelivery: ({ outcome, receiver, host, problem }) => {
      const isTaken = outcome === "delivered";
      monitor.countAlerts(isTaken ? 1 : 0, isTaken ? 0 : 1);
      if (!isTaken) stderr.warn(`${receiver} (${host}) did not take an alert: ${problem} (${outcome})`);
    },
  });
}

/** The parts of a running `watch` that others are made of. */
interface Parts {
  readonly inputs: WatchInputs;
  readonly kept: Kept;
  readonly monitor: Monitor;
  readonly desk: AlertDesk | undefined;
  readonly service: WatchService;
  readonly tally: WatchTally;
  readonly end: WatchEnd;
  readonly stderr: Stderr;
}

function openView(
  files: readonly string[],
  options: WatchOptions,
  { inputs, kept, monitor, desk, tally, stderr }: Omit<Parts, "service" | "end">,
): Promise<LiveView | undefined> {
  return LiveView.open(options, {
    monitor,
    files,
    attributions: () => inputs.locator.attributions,
    triaged: () => desk?.last,
    counters: () => ({
      policyReloads: tally.policyReloads,
      eventsReloads: tally.eventsReloads,
      databaseReloads: tally.databaseReloads,
      reloadFailures: tally.reloadFailures,
      stateFailures: kept.failures(),
      alertsFiring: desk?.firing ?? 0,
      alertsPending: desk?.pending ?? 0,
      rejected: tally.rejected,
    }),
    stderr,
  });
}

function logOptions(
  options: WatchOptions,
  settings: MonitorOptions,
  { kept, monitor, tally, end, stderr }: Omit<Parts, "inputs" | "desk" | "service">,
): OpenLogsOptions {
  const { offsets } = monitor;
  return {
    ...lineOptions(options, settings, tally.reject),
    positions: kept.positions,
    nextOffset: (log) => offsets.get(log),
    from: options.from,
    isReplay: options.replay === true,
    signal: end.signal,
    onWarning: stderr.warn,
  };
}

/** Takes the policy, the events of others and the databases anew when they change. Returns what ends it. */
function takeAnew(
  options: WatchOptions,
  { locator }: WatchInputs,
  { desk, service, tally, stderr }: Pick<Parts, "desk" | "service" | "tally" | "stderr">,
): () => void {
  return startReloads({
    options,
    locator,
    onPolicy: (policy) => {
      desk?.follow(policy, watchReceivers(options, policy, process.env));
      tally.policyReloads++;
      service.judgeAgain();
      stderr.note("the policy was taken anew");
    },
    onEvents: async (path) => {
      desk?.ask(await readOutageEvents(path));
      tally.eventsReloads++;
      service.judgeAgain();
      stderr.note("the events of others were taken anew");
    },
    onDatabases: () => {
      tally.databaseReloads++;
      stderr.note("the location databases were taken anew");
    },
    onRefused: (text) => {
      tally.reloadFailures++;
      stderr.warn(text);
    },
  });
}
