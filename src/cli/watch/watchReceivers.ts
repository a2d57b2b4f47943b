import { namedReceivers } from "../../triage/policy/checkReceivers.js";
import type { Policy, PolicyReceiver } from "../../triage/policy/policy.js";
import { checkReceiver, type Receiver } from "../../triage/send/receiver.js";
import { cliError } from "../errors.js";
import type { WatchOptions } from "./watchOptions.js";

/** Whom `watch` tells, and how. */
export interface WatchReceivers {
  /** Those that hear of every alert, whatever the policy's routes say. */
  readonly always: readonly Receiver[];
  /** Those that hear of what routes send them. */
  readonly routed: readonly Receiver[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The receivers of the command line and of the policy, with the secrets that the environment holds.
 *
 * @throws `missing-secret` where a variable is not set; `bad-receiver`. Neither holds a value.
 */
export function watchReceivers(options: WatchOptions, policy: Policy, environment: Environment): WatchReceivers {
  const { alertmanager, webhook } = options;
  const always: Receiver[] = [
    ...(alertmanager === undefined
      ? []
      : [{ name: "alertmanager", format: "alertmanager" as const, url: alertmanager }]),
    ...(webhook === undefined ? [] : [{ name: "webhook", format: "cloudevents" as const, url: webhook }]),
  ];
  const taken = new Set(always.map(({ name }) => name));
  const routed = Object.entries(policy.receivers ?? {}).map(([name, receiver]) => {
    if (taken.has(name)) throw cliError("receiver-twice", { receiver: name });
    return withSecrets(name, receiver, environment);
  });
  // What is wrong with one is said at the start, or before a policy is taken, not when it is needed.
  for (const receiver of [...always, ...routed]) checkReceiver(receiver);
  return { always, routed };
}

/** What to say where somebody would be told of alerts, and nobody can be; undefined where all is well. */
export function unreachable({ always, routed }: WatchReceivers, policy: Policy): string | undefined {
  if (always.length + routed.length > 0) return undefined;
  const names = [...new Set(namedReceivers(policy).flatMap(([, list]) => list))];
  return names.length === 0
    ? undefined
    : `alerts for ${names.join(", ")} are sent nowhere: the policy does not say how to reach them (receivers)`;
}

function withSecrets(name: string, receiver: PolicyReceiver, environment: Environment): Receiver {
  const { format, url, urlEnv, routingKeyEnv, headersEnv = {}, labels } = receiver;
  const secret = (variable: string): string => {
    const value = environment[variable]?.trim();
    if (!value) throw cliError("missing-secret", { receiver: name, variable });
    return value;
  };
  const address = urlEnv === undefined ? url : secret(urlEnv);
  return {
    name,
    format,
    ...(address !== undefined && { url: address }),
    ...(routingKeyEnv !== undefined && { routingKey: secret(routingKeyEnv) }),
    headers: Object.fromEntries(Object.entries(headersEnv).map(([header, variable]) => [header, secret(variable)])),
    ...(labels && { labels }),
  };
}
