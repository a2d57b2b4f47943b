import { MoveOrders } from "../flow/moveOrders.js";
import { TrafficAssignment } from "../flow/trafficAssignment.js";
import type { MedianProblem } from "./medianProblem.js";

/** What serving all rows from these sites costs, openings included; Infinity if their capacities do not suffice. */
export function medianCost(problem: MedianProblem, open: readonly number[]): number {
  const { opening, isFixed, capacity } = problem;
  let total = 0;
  for (const site of open) if (isFixed[site] === 0) total += opening[site]!;
  if (open.length === 0) return problem.rows === 0 ? 0 : Number.POSITIVE_INFINITY;
  return total + (capacity === null ? nearestCost(problem, open) : assignedCost(problem, open, capacity));
}

function nearestCost({ rows, costs, weights }: MedianProblem, open: readonly number[]): number {
  let total = 0;
  for (let row = 0; row < rows; row++) {
    let least = Number.POSITIVE_INFINITY;
    for (const site of open) least = Math.min(least, costs[site * rows + row]!);
    total += weights[row]! * least;
  }
  return total;
}

function assignedCost(
  { rows, costs, weights }: MedianProblem,
  open: readonly number[],
  capacity: Float64Array,
): number {
  const own = new Float64Array(rows * open.length);
  open.forEach((site, column) => {
    for (let row = 0; row < rows; row++) own[row * open.length + column] = costs[site * rows + row]!;
  });
  const assignment = new TrafficAssignment(new MoveOrders(own, rows, open.length));
  const rooms = open.map((site) => capacity[site]!);
  return assignment.solve(weights, rooms) ? assignment.cost : Number.POSITIVE_INFINITY;
}
