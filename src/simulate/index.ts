// Public names of geopivot/simulate.
export type { SimulatedIncident } from "./incidentPlan.js";
export type { SimulatedRequest } from "./simulatedRequest.js";
export { type Simulation, simulateEvents, simulateTraffic } from "./simulateTraffic.js";
export { type RhythmName, TEXTURES, type TextureName, type TextureSpec } from "./texture/textureSpec.js";
export { type AreaSpec, checkTrafficSpec, type IncidentSpec, type TrafficSpec } from "./trafficSpec.js";
