import highs from "highs";
import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { MoveOrders } from "../../src/steer/flow/moveOrders.js";
import { TrafficAssignment } from "../../src/steer/flow/trafficAssignment.js";

interface Instance {
  readonly rows: number;
  readonly servers: number;
  readonly costs: Float64Array;
  readonly demand: Float64Array;
  readonly capacity: Float64Array;
}

/** Small or even costs, ties, forbidden pairs, rows without demand: whatever makes a solver of its own go wrong. */
function randomInstance(seed: number): Instance {
  const random = new Random(seed);
  const rows = 1 + random.int(25);
  const servers = 2 + random.int(6);
  const tied = random.next() < 0.3;
  const costs = Float64Array.from({ length: rows * servers }, () => (tied ? random.int(4) : 1 + 200 * random.next()));
  const demand = Float64Array.from({ length: rows }, () => (random.next() < 0.1 ? 0 : Math.ceil(100 * random.next())));
  const total = demand.reduce((sum, d) => sum + d, 0);
  const weights = Array.from({ length: servers }, () => 0.2 + random.next());
  const sum = weights.reduce((a, b) => a + b, 0);
  const room = random.pick([1, 1.05, 1.5, 4]);
  const capacity = Float64Array.from(weights, (w) => (total * room * w) / sum + 1e-9);
  return { rows, servers, costs, demand, capacity };
}

function check(instance: Instance, solved: TrafficAssignment, down = -1): void {
  const { rows, servers, demand, capacity } = instance;
  const load = new Float64Array(servers);
  for (let row = 0; row < rows; row++) {
    let placed = 0;
    for (let s = 0; s < servers; s++) {
      const flow = solved.flow[row * servers + s]!;
      expect(flow).toBeGreaterThanOrEqual(0);
      placed += flow;
      load[s]! += flow;
    }
    expect(placed).toBeCloseTo(demand[row]!, 7);
  }
  for (let s = 0; s < servers; s++) {
    expect(load[s]!).toBeLessThanOrEqual((s === down ? 0 : capacity[s]!) * (1 + 1e-9) + 1e-9);
    expect(load[s]!).toBeCloseTo(solved.load[s]!, 6);
  }
}

test("flow is conserved, capacities hold and the cost is HiGHS's, on 200 random instances and with each server lost", async () => {
  const solver = await highs();
  const optimum = ({ rows, servers, costs, demand, capacity }: Instance, down = -1): number => {
    const usable = Array.from({ length: servers }, (_, s) => s).filter((s) => s !== down);
    const range = Array.from({ length: rows }, (_, i) => i);
    const terms = range.flatMap((i) => usable.map((s) => `${costs[i * servers + s]} x${i}_${s}`));
    const rowSums = range.map((i) => `${usable.map((s) => `x${i}_${s}`).join(" + ")} = ${demand[i]}`);
    const loads = usable.map((s) => `${range.map((i) => `x${i}_${s}`).join(" + ")} <= ${capacity[s]}`);
    const model = `Minimize\n obj: ${terms.join(" + ")}\nSubject To\n ${[...rowSums, ...loads].join("\n ")}\nEnd`;
    const answer = solver.solve(model);
    return answer.Status === "Optimal" ? answer.ObjectiveValue : Number.NaN;
  };
  let removed = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const instance = randomInstance(seed);
    const { costs, rows, servers, demand, capacity } = instance;
    const orders = new MoveOrders(costs, rows, servers);
    const solved = new TrafficAssignment(orders);
    expect(solved.solve(demand, capacity)).toBe(true);
    check(instance, solved);
    const best = optimum(instance);
    expect(Math.abs(solved.cost - best)).toBeLessThanOrEqual(1e-6 * (1 + best));
    const down = seed % servers;
    const without = new TrafficAssignment(orders);
    without.copy(solved);
    const bestWithout = optimum(instance, down);
    expect(without.remove(down)).toBe(!Number.isNaN(bestWithout));
    if (Number.isNaN(bestWithout)) continue;
    removed++;
    check(instance, without, down);
    expect(Math.abs(without.cost - bestWithout)).toBeLessThanOrEqual(1e-6 * (1 + bestWithout));
  }
  expect(removed).toBeGreaterThan(30);
}, 60_000);

test("a pair that may not be is not used, and too little capacity is said", () => {
  const costs = Float64Array.of(1, Number.POSITIVE_INFINITY, 2, 5);
  const solved = new TrafficAssignment(new MoveOrders(costs, 2, 2));
  expect(solved.solve([10, 10], [10, 10])).toBe(true);
  expect([...solved.flow]).toEqual([10, 0, 0, 10]);
  expect(solved.solve([10, 10], [5, 50])).toBe(false);
});

test("a server without a limit takes what the others have no room for", () => {
  const solved = new TrafficAssignment(new MoveOrders(Float64Array.of(1, 9, 2, 4), 2, 2));
  expect(solved.solve([10, 10], [5, Number.POSITIVE_INFINITY])).toBe(true);
  expect([...solved.flow]).toEqual([5, 5, 0, 10]);
});

test("the price of a full server is what one more unit of it would save", () => {
  const solved = new TrafficAssignment(new MoveOrders(Float64Array.of(10, 30, 10, 70), 2, 2));
  solved.solve([5, 5], [7, 100]);
  expect([...solved.flow]).toEqual([2, 3, 5, 0]);
  expect([...solved.price]).toEqual([20, 0]);
});

test("solved on from another demand, the cost is that of solving anew, with all servers and with one lost", () => {
  let lost = 0;
  for (let seed = 1; seed <= 30; seed++) {
    const random = new Random(1000 + seed);
    const instance = randomInstance(seed);
    const { costs, rows, servers, demand, capacity } = instance;
    const orders = new MoveOrders(costs, rows, servers);
    const kept = new TrafficAssignment(orders);
    const anew = new TrafficAssignment(orders);
    const without = new TrafficAssignment(orders);
    kept.solve(demand, capacity);
    const down = seed % servers;
    const limits = capacity.map((limit) => limit * random.pick([1, 3]));
    without.solve(demand, limits);
    let isLost = servers > 2 && without.remove(down);
    for (let hour = 0; hour < 5; hour++) {
      const next = demand.map((d) => (random.next() < 0.15 ? 0 : d * random.next()));
      expect(anew.solve(next, capacity)).toBe(true);
      expect(kept.resolve(next)).toBe(true);
      check({ ...instance, demand: next }, kept);
      expect(Math.abs(kept.cost - anew.cost)).toBeLessThanOrEqual(1e-7 * (1 + anew.cost));
      if (!isLost) continue;
      anew.solve(next, limits);
      isLost = anew.remove(down);
      expect(without.resolve(next)).toBe(isLost);
      if (!isLost) continue;
      lost++;
      check({ ...instance, demand: next, capacity: limits }, without, down);
      expect(Math.abs(without.cost - anew.cost)).toBeLessThanOrEqual(1e-7 * (1 + anew.cost));
    }
  }
  expect(lost).toBeGreaterThan(10);
});
