import { Cube } from "../../src/cube/cube.js";
import type { SteeringInput } from "../../src/report/page/steering/reportSteering.js";
import { planFailover } from "../../src/steer/failover/planFailover.js";
import { planState } from "../../src/steer/failover/planState.js";
import { regionalTraffic } from "../support/regionalTraffic.js";
import { distanceModel, SERVERS } from "../support/steerTraffic.js";

/** A plan of two days' traffic; every server takes half as much again as its share. */
export function steeringExample(): SteeringInput {
  const cube = Cube.from(regionalTraffic({ hours: 48, perMinute: 20 }), { bucketSeconds: 900 });
  const model = distanceModel(SERVERS);
  const { healthy } = planFailover(cube, { servers: SERVERS, model, pairs: false });
  const servers = SERVERS.map((server, s) => ({ ...server, capacityRps: 1.5 * healthy.servers[s]!.peakRps }));
  return { plan: planFailover(cube, { servers, model }), state: planState(cube, { servers, model }) };
}
