// Public names of geopivot/steer: who should serve whom, what a failover costs, where the next location pays.

export { type CatchmentOptions, type Catchments, catchments } from "./catchments/catchments.js";
export { type CatchmentProperties, catchmentsGeoJson } from "./catchments/catchmentsGeoJson.js";
export { type CloudflareConfig, cloudflareConfig } from "./dns/cloudflare.js";
export { DNS_OUTPUTS, type DnsOutput, dnsOutput } from "./dns/dnsOutput.js";
export { type GdnsdOptions, gdnsdConfig } from "./dns/gdnsd.js";
export { type NginxOptions, nginxConfig } from "./dns/nginx.js";
export { powerdnsRecords } from "./dns/powerdns.js";
export { type Route53Batch, type Route53Record, route53Batches } from "./dns/route53.js";
export { type ServerRecord, serverRecords } from "./dns/serverRecords.js";
export type { DnsServer, SteeringTable } from "./dns/steeringTable.js";
export type { FailoverCase, Overflow, ServerOutcome, Shedding, Verdict } from "./failover/failoverCase.js";
export type { FailoverDetail, Interval, PlaceServer, RegionFlow, ServerHour } from "./failover/failoverDetail.js";
export type { ServerHeadroom } from "./failover/headroomTally.js";
export type { LatencyEstimate, LatencyEstimator, PlannedServer } from "./failover/latencyEstimator.js";
export { type FailoverOptions, type FailoverPlan, planFailover } from "./failover/planFailover.js";
export {
  type ScalingWindow,
  type ScheduleOptions,
  type ServerSchedule,
  scalingSchedule,
} from "./failover/scalingSchedule.js";
export type { ClientPlace, LatencyPrediction } from "./latency/latencyPrediction.js";
export type { LatencySample } from "./latency/samplePairs.js";
export { type LatencyModel, type LatencyModelOptions, latencyModel } from "./latencyModel.js";
export { type NearestOptions, nearestServers, type PlaceLocator } from "./nearest/nearestServers.js";
export type { ServerChoice } from "./nearest/serverRanking.js";
export type { Server } from "./server.js";
export { type CandidateSite, type Placement, type PlaceOptions, placeServers } from "./sites/placeServers.js";
