// Public names of geopivot/triage: findings to alerts, their payloads, and what sends them.

export type {
  Alert,
  AlertAction,
  AlertChange,
  AlertEvent,
  AlertLoss,
  DigestEntry,
  Suppressed,
  SuppressedBy,
} from "./alert.js";
export { type AlertJson, type AlertsJson, alertsJson } from "./alertsJson.js";
export type { SecondOpinion } from "./judge/judgeFinding.js";
export type { OutageEvent, OutageEvents, OutageNetwork } from "./opinion/outageEvent.js";
export { parseOutageEvents } from "./opinion/parseOutageEvents.js";
export { secondOpinion } from "./opinion/secondOpinion.js";
export { parseTriageState } from "./parseTriageState.js";
export { type AlertmanagerAlert, alertmanagerAlerts } from "./payloads/alertmanagerAlerts.js";
export { alertPayload, PAYLOAD_FORMATS, type PayloadFormat } from "./payloads/alertPayload.js";
export { alertsMarkdown } from "./payloads/alertsMarkdown.js";
export { type CloudEvent, cloudEvents } from "./payloads/cloudEvents.js";
export { otlpLogs } from "./payloads/otlpLogs.js";
export { type PagerDutyEvent, pagerDutyEvents } from "./payloads/pagerDutyEvents.js";
export type { PayloadObject, PayloadOptions } from "./payloads/payloadOptions.js";
export { type SlackMessage, slackMessages } from "./payloads/slackMessages.js";
export { type TeamsMessage, teamsMessages } from "./payloads/teamsMessages.js";
export { type CheckedPolicy, checkPolicy } from "./policy/checkPolicy.js";
export { parsePolicy } from "./policy/parsePolicy.js";
export type { Policy } from "./policy/policy.js";
export type { PolicyProblem } from "./policy/policyProblem.js";
export { STARTER_POLICY } from "./policy/starterPolicy.js";
export { AlertSender, type AlertSenderOptions, type Delivery } from "./send/alertSender.js";
export type { Fetch } from "./send/postRequest.js";
export type { Receiver, ReceiverFormat } from "./send/receiver.js";
export type { SenderClock } from "./send/senderClock.js";
export type { SenderEntry, SenderState } from "./send/senderState.js";
export { type PostMortemOptions, postMortem } from "./timeline/postMortem.js";
export {
  type IncidentTimeline,
  type MomentKind,
  type OutlineStep,
  type TimelineMoment,
  timeline,
} from "./timeline/timeline.js";
export { type Triage, type TriageOptions, triage } from "./triage.js";
export type { TriageState } from "./triageState.js";
