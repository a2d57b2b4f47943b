import type { Finding } from "../../detect/finding.js";
import { parseTriageState } from "../../triage/parseTriageState.js";
import type { Policy } from "../../triage/policy/policy.js";
import { AlertSender, type Delivery } from "../../triage/send/alertSender.js";
import type { Receiver } from "../../triage/send/receiver.js";
import { checkSenderState, type SenderState } from "../../triage/send/senderState.js";
import { type Triage, triage } from "../../triage/triage.js";
import type { TriageState } from "../../triage/triageState.js";
import type { StateFile } from "./stateFile.js";
import { wallClock } from "./wallClock.js";

/** What the desk keeps between two lives of the process. */
interface DeskState {
  readonly schema: "geopivot.alerts-state/1";
  readonly triage: TriageState | null;
  readonly sender: SenderState | null;
}

export interface AlertDeskOptions {
  readonly policy: Policy;
  /** Those that hear of every alert, whatever the policy's routes say. */
  readonly receivers: readonly Receiver[];
  readonly file: StateFile;
  readonly onDelivery: (delivery: Delivery) => void;
}

/** From findings to alerts that are told: triage with memory, a sender, and what both must not forget. */
export class AlertDesk {
  policy: Policy;
  readonly #options: AlertDeskOptions;
  readonly #names: readonly string[];
  readonly #sender: AlertSender | undefined;
  #state: TriageState | null;
  #last: Triage | undefined;
  #saved: Promise<void> = Promise.resolve();

  private constructor(options: AlertDeskOptions, state: DeskState | undefined) {
    this.#options = options;
    this.policy = options.policy;
    this.#state = state?.triage ?? null;
    this.#names = options.receivers.map(({ name }) => name);
    if (options.receivers.length === 0) return;
    this.#sender = new AlertSender({
      receivers: options.receivers,
      clock: wallClock,
      state: state?.sender ?? null,
      // What is about to be told is on the disk before: a crash between the two tells it once more, never not at all.
      fetch: async (...request) => {
        await this.#saved;
        return fetch(...request);
      },
      onDelivery: (delivery) => {
        this.#save();
        options.onDelivery(delivery);
      },
    });
  }

  /** Goes on where a desk before stopped. Throws `bad-receiver`. */
  static async open(options: AlertDeskOptions): Promise<AlertDesk> {
    return new AlertDesk(options, await options.file.read(checkDeskState));
  }

  /** What triage said last. */
  get last(): Triage | undefined {
    return this.#last;
  }

  /** Alerts that are firing. */
  get firing(): number {
    return this.#last?.alerts.filter(({ status }) => status === "firing").length ?? 0;
  }

  /** Deliveries that wait. */
  get pending(): number {
    return this.#sender?.state.entries.filter(({ pending }) => pending).length ?? 0;
  }

  /**
   * Judges what is known now, and tells what is news.
   *
   * @param isHistory - what was over before anybody looked is not told
   */
  judge(findings: readonly Finding[], nowMs: number, isHistory = false): void {
    const atMs = Math.max(nowMs, this.#state?.atMs ?? 0);
    this.#last = triage(findings, this.policy, this.#state, { nowMs: atMs });
    this.#state = this.#last.state;
    const told = this.#last.alerts
      .filter(({ status }) => !isHistory || status === "firing")
      .map((alert) => ({ ...alert, receivers: [...new Set([...alert.receivers, ...this.#names])] }));
    this.#sender?.accept(told);
    if (told.some(({ change }) => change !== "unchanged") || isHistory) this.#save();
  }

  /** Ends sending after so long at the most; what is not told is kept. */
  async close(graceMs: number): Promise<void> {
    await this.#sender?.close(graceMs);
    this.#save();
    await this.#saved;
  }

  #save(): void {
    const state: DeskState = {
      schema: "geopivot.alerts-state/1",
      triage: this.#state,
      sender: this.#sender?.state ?? null,
    };
    this.#saved = this.#options.file.write(state);
  }
}

function checkDeskState(value: unknown): DeskState {
  const { schema, triage: before, sender } = (value ?? {}) as Partial<DeskState>;
  if (schema !== "geopivot.alerts-state/1") throw new Error("it is of another version");
  if (before !== null) parseTriageState(JSON.stringify(before ?? {}));
  if (sender) checkSenderState(sender);
  return { schema, triage: before ?? null, sender: sender ?? null };
}
