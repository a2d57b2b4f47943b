// Public names of geopivot/simulate.
export type { SimulatedIncident } from "./incidents.js";
export { type SimulatedRequest, type Simulation, simulateTraffic } from "./simulateTraffic.js";
export { type AreaSpec, checkTrafficSpec, type IncidentSpec, type TrafficSpec } from "./trafficSpec.js";
