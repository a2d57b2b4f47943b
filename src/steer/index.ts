// Public names of geopivot/steer: who should serve whom, what a failover costs, where the next location pays.

export { type CatchmentOptions, type Catchments, catchments } from "./catchments/catchments.js";
export { type CatchmentProperties, catchmentsGeoJson } from "./catchments/catchmentsGeoJson.js";
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
