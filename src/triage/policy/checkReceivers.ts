import { triageError } from "../errors.js";
import { nearestName } from "./nearestName.js";
import type { Policy, PolicyReceiver } from "./policy.js";

/** Formats whose addresses let whoever knows them write: they are secrets as a whole. */
const SECRET_ADDRESS: ReadonlySet<PolicyReceiver["format"]> = new Set(["slack", "teams"]);

/** Throws `bad-policy` where a receiver cannot be reached as it is described, or where somebody is named whom there is not. */
export function checkReceivers(policy: Policy): void {
  const { receivers } = policy;
  if (receivers === undefined) return;
  for (const [name, receiver] of Object.entries(receivers)) checkReceiver(receiver, `receivers.${name}`);
  const known = Object.keys(receivers);
  for (const [path, names] of namedReceivers(policy))
    for (const [i, name] of names.entries())
      if (!Object.hasOwn(receivers, name)) {
        const nearest = nearestName(name, known);
        const meant = nearest === null ? `expected ${known.join(", ")}` : `did you mean ${nearest}?`;
        refuse(`${path}[${i}]`, `is none of the receivers: ${JSON.stringify(name)}: ${meant}`);
      }
}

/** Every list of receivers in a policy, with its path. */
export function namedReceivers({
  routes = [],
  escalations = [],
  defaultReceivers = [],
  budget,
}: Policy): [path: string, names: readonly string[]][] {
  return [
    ...routes.map(({ receivers }, i): [string, readonly string[]] => [`routes[${i}].receivers`, receivers]),
    ...escalations.map(({ receivers = [] }, i): [string, readonly string[]] => [
      `escalations[${i}].receivers`,
      receivers,
    ]),
    ["defaultReceivers", defaultReceivers],
    ["budget.digestReceivers", budget?.digestReceivers ?? []],
  ];
}

function checkReceiver({ format, url, urlEnv, routingKeyEnv }: PolicyReceiver, path: string): void {
  if (url !== undefined && SECRET_ADDRESS.has(format))
    refuse(`${path}.url`, `is a secret of ${format}: name a variable of the environment in urlEnv`);
  if (url !== undefined && urlEnv !== undefined) refuse(path, "has both url and urlEnv");
  if (url === undefined && urlEnv === undefined && format !== "pagerduty") refuse(path, "needs url or urlEnv");
  if (format === "pagerduty" && routingKeyEnv === undefined) refuse(path, "needs routingKeyEnv");
}

function refuse(path: string, problem: string): never {
  throw triageError("bad-policy", { path, line: 0, problem });
}
