import type { Finding } from "../../detect/finding.js";
import { parseTriageState } from "../../triage/parseTriageState.js";
import type { Policy } from "../../triage/policy/policy.js";
import { AlertSender, type Delivery } from "../../triage/send/alertSender.js";
import { checkSenderState, type SenderState } from "../../triage/send/senderState.js";
import { type Triage, type TriageOptions, triage } from "../../triage/triage.js";
import type { TriageState } from "../../triage/triageState.js";
import type { StateFile } from "./stateFile.js";
import { wallClock } from "./wallClock.js";
import type { WatchReceivers } from "./watchReceivers.js";

/** Whom to ask what others saw. */
type Opinion = Pick<TriageOptions, "secondOpinion">;

/** What the desk keeps between two lives of the process. */
interface DeskState {
  readonly schema: "geopivot.alerts-state/1";
  readonly triage: TriageState | null;
  readonly sender: SenderState | null;
}

export interface AlertDeskOptions {
  readonly policy: Policy;
  readonly receivers: WatchReceivers;
  readonly opinion: Opinion;
  readonly file: StateFile;
  readonly onDelivery: (delivery: Delivery) => void;
}

/** From findings to alerts that are told: triage with memory, a sender, and what both must not forget. */
export class AlertDesk {
  readonly #options: AlertDeskOptions;
  readonly #sender: AlertSender;
  #policy: Policy;
  #opinion: Opinion;
  /** Names of those that hear of every alert. */
  #always: readonly string[];
  #state: TriageState | null;
  #last: Triage | undefined;
  #saved: Promise<void> = Promise.resolve();

  private constructor(options: AlertDeskOptions, state: DeskState | undefined) {
    const { policy, receivers, opinion } = options;
    this.#options = options;
    this.#policy = policy;
    this.#opinion = opinion;
    this.#state = state?.triage ?? null;
    this.#always = namesOf(receivers.always);
    this.#sender = new AlertSender({
      receivers: [...receivers.always, ...receivers.routed],
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

  /** Judges by another policy from now on, and tells its receivers. Throws `bad-receiver`, and goes on as before then. */
  follow(policy: Policy, { always, routed }: WatchReceivers): void {
    this.#sender.use([...always, ...routed]);
    this.#always = namesOf(always);
    this.#policy = policy;
  }

  /** Asks others from now on. */
  ask(opinion: Opinion): void {
    this.#opinion = opinion;
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
    return this.#sender.state.entries.filter(({ pending }) => pending).length;
  }

  /**
   * Judges what is known now, and tells what is news.
   *
   * @param isHistory - what was over before anybody looked is not told
   */
  judge(findings: readonly Finding[], nowMs: number, isHistory = false): void {
    const atMs = Math.max(nowMs, this.#state?.atMs ?? 0);
    this.#last = triage(findings, this.#policy, this.#state, { nowMs: atMs, ...this.#opinion });
    this.#state = this.#last.state;
    const { alerts, digestAlert } = this.#last;
    const told = [...alerts, ...(digestAlert === null ? [] : [digestAlert])]
      .filter(({ status }) => !isHistory || status === "firing")
      .map((alert) => ({ ...alert, receivers: [...new Set([...alert.receivers, ...this.#always])] }));
    this.#sender.accept(told);
    if (told.some(({ change }) => change !== "unchanged") || isHistory) this.#save();
  }

  /** Ends sending after so long at the most; what is not told is kept. */
  async close(graceMs: number): Promise<void> {
    await this.#sender.close(graceMs);
    this.#save();
    await this.#saved;
  }

  #save(): void {
    const state: DeskState = {
      schema: "geopivot.alerts-state/1",
      triage: this.#state,
      sender: this.#sender.state,
    };
    this.#saved = this.#options.file.write(state);
  }
}

const namesOf = (receivers: WatchReceivers["always"]): string[] => receivers.map(({ name }) => name);

function checkDeskState(value: unknown): DeskState {
  const { schema, triage: before, sender } = (value ?? {}) as Partial<DeskState>;
  if (schema !== "geopivot.alerts-state/1") throw new Error("it is of another version");
  if (before !== null) parseTriageState(JSON.stringify(before ?? {}));
  if (sender) checkSenderState(sender);
  return { schema, triage: before ?? null, sender: sender ?? null };
}
