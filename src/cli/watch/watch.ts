import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "../../locate/locator.js";
import type { FindingChange } from "../../monitor/journal/findingChange.js";
import { Monitor } from "../../monitor/monitor.js";
import type { Receiver } from "../../triage/send/receiver.js";
import { EXIT } from "../exitCodes.js";
import { openCommandLocator, warn } from "../input/openCommandLocator.js";
import { readPolicy } from "../input/readPolicy.js";
import { readServers } from "../input/readServers.js";
import { fileErrorReason } from "../output/fileErrorReason.js";
import { refuseOverwriting } from "../output/writeOutput.js";
import { AlertDesk } from "./alertDesk.js";
import { ChangeJournal } from "./changeJournal.js";
import { LiveView } from "./liveView.js";
import { LogPositions } from "./logs/logPositions.js";
import { checkLogs, isResumed, openLogs } from "./logs/openLogs.js";
import { startReloads } from "./reloads.js";
import { StateFile } from "./stateFile.js";
import { changeText, Stderr } from "./tell.js";
import { lineOptions, monitorOptions } from "./watchMonitor.js";
import type { WatchOptions } from "./watchOptions.js";
import { WatchService } from "./watchService.js";

/** From SIGTERM to the end it takes no longer than this, whatever hangs. */
const END_MS = 4_500;
/** Requests on their way have so long to end, at the end of a service and at the end of a log. */
const GRACE_MS = 2_000;
const LAST_GRACE_MS = 10_000;

/** Runs `geopivot watch` until its logs end, or it is told to. */
export async function watch(files: readonly string[], options: WatchOptions, interrupt: AbortSignal): Promise<void> {
  const stderr = new Stderr();
  const ending = new AbortController();
  const end = (): void => {
    setTimeout(() => process.exit(process.exitCode ?? EXIT.done), END_MS).unref();
    ending.abort();
  };
  process.once("SIGTERM", end);
  interrupt.addEventListener("abort", () => {
    process.exitCode = EXIT.interrupted;
    end();
  });
  await refuseOverwriting([...files, ...(options.policy === undefined ? [] : [options.policy])], [options.journal]);
  await checkLogs(files);
  const receivers = receiversOf(options);
  const policy = await readPolicy(options.policy);
  const servers = options.servers === undefined ? [] : await readServers(options.servers);
  const locator = await openCommandLocator(options, interrupt);
  warn(locator.warnings);
  const rejected: Record<string, number> = {};
  if (options.state !== undefined)
    await mkdir(options.state, { recursive: true }).catch((error: Error) =>
      stderr.warn(`${options.state}: ${error.message}`),
    );
  const file = (name: string): StateFile =>
    new StateFile(options.state === undefined ? undefined : join(options.state, name), stderr.warn);
  const [alertsFile, positionsFile] = [file("alerts.json"), file("positions.json")];
  const positions = await LogPositions.open(positionsFile);
  const journal = options.journal === undefined ? undefined : new ChangeJournal(options.journal, stderr.warn);
  let service: WatchService | undefined;
  const early: FindingChange[] = [];
  const settings = monitorOptions(options, locator, servers);
  const monitor = new Monitor({
    ...settings,
    onChange: (change) => (service ? service.take(change) : early.push(change)),
    onError: (error) => stderr.warn(monitorTrouble(error, options.state)),
  });
  const needsDesk = receivers.length > 0 || options.policy !== undefined;
  const desk = needsDesk
    ? await AlertDesk.open({
        policy,
        receivers,
        file: alertsFile,
        onDelivery: ({ outcome, receiver, host, problem }) => {
          monitor.countAlerts(outcome === "delivered" ? 1 : 0, outcome === "delivered" ? 0 : 1);
          if (outcome !== "delivered")
            stderr.warn(`${receiver} (${host}) did not take an alert: ${problem} (${outcome})`);
        },
      })
    : undefined;
  const counts = { policyReloads: 0, databaseReloads: 0, reloadFailures: 0 };
  const view = await LiveView.open(options, {
    monitor,
    files,
    attributions: () => locator.attributions,
    counters: () => ({
      ...counts,
      stateFailures: alertsFile.failures + positionsFile.failures,
      alertsFiring: desk?.firing ?? 0,
      alertsPending: desk?.pending ?? 0,
      rejected,
    }),
    stderr,
  });
  const { offsets } = monitor;
  const logs = {
    ...lineOptions(options, settings, (reason, lines) => {
      rejected[reason] = (rejected[reason] ?? 0) + lines;
    }),
    positions,
    nextOffset: (log: string) => offsets.get(log),
    from: options.from,
    isReplay: options.replay === true,
    signal: ending.signal,
    onWarning: stderr.warn,
  };
  const follows = files.some((one) => one !== "-") && options.replay !== true;
  service = new WatchService({
    monitor,
    desk,
    journal,
    hub: view?.hub,
    speed: options.replay === true ? (options.speed ?? 1) : undefined,
    beginsWithHistory: follows && !isResumed(files, logs),
    signal: ending.signal,
    onChange: (change) => {
      if (options.journal !== "-") process.stdout.write(`${changeText(change)}\n`);
    },
    onWarning: stderr.warn,
  });
  for (const change of early) service.take(change);
  const stopReloads = startReloads({
    options,
    locator,
    onPolicy: (next) => {
      counts.policyReloads++;
      if (desk) desk.policy = next;
      service.judgeAgain();
      stderr.note("the policy was taken anew");
    },
    onDatabases: () => {
      counts.databaseReloads++;
      stderr.note("the location databases were taken anew");
    },
    onRefused: (text) => {
      counts.reloadFailures++;
      stderr.warn(text);
    },
  });
  try {
    await service.run(openLogs(files, logs));
    await desk?.close(ending.signal.aborted ? GRACE_MS : LAST_GRACE_MS);
  } catch (error) {
    view?.fail(error);
    throw error;
  } finally {
    stopReloads();
    journal?.close();
    await view?.close();
    await (locator as Locator).close();
    process.removeListener("SIGTERM", end);
    if (ending.signal.aborted) process.stdin.destroy();
  }
  tellRejected(rejected, stderr);
}

function receiversOf({ alertmanager, webhook }: WatchOptions): Receiver[] {
  return [
    ...(alertmanager === undefined
      ? []
      : [{ name: "alertmanager", format: "alertmanager" as const, url: alertmanager }]),
    ...(webhook === undefined ? [] : [{ name: "webhook", format: "cloudevents" as const, url: webhook }]),
  ];
}

function tellRejected(rejected: Readonly<Record<string, number>>, stderr: Stderr): void {
  const reasons = Object.entries(rejected).map(([reason, lines]) => `${lines} ${reason}`);
  if (reasons.length > 0) stderr.warn(`lines that are no events: ${reasons.join(", ")}`);
}

/** What went wrong beside the work: mostly state that cannot be written. */
function monitorTrouble(error: unknown, state: string | undefined): string {
  const reason = fileErrorReason(error);
  if (reason !== undefined && state !== undefined) return `the state in ${state} cannot be written: ${reason}`;
  return error instanceof Error ? error.message : String(error);
}
