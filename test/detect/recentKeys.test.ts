import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { RecentKeys } from "../../src/detect/recentKeys.js";

test("keys are found again as in a Map, those beyond 32 bits too", () => {
  const random = new Random(1);
  const [known, keys] = [new Map<number, number>(), new RecentKeys(1_000_000)];
  let wrong = 0;
  for (let i = 0; i < 50_000; i++) {
    const key = random.int(2 ** 16) * (i % 3 === 0 ? 2 ** 32 : 1) + random.int(9);
    if (keys.get(key) !== known.get(key)) wrong++;
    const value = random.int(1_000);
    known.set(key, value);
    keys.set(key, value);
  }
  expect(wrong).toBe(0);
  expect(keys.size).toBe(known.size);
});

test("no more keys are remembered than asked for, and the newest always are", () => {
  const keys = new RecentKeys(1_000);
  let [most, wrong] = [0, 0];
  for (let key = 0; key < 10_000; key++) {
    keys.set(key, key);
    most = Math.max(most, keys.size);
    const recent = Math.max(0, key - 499);
    if (keys.get(recent) !== recent) wrong++;
  }
  expect({ most, wrong }).toEqual({ most: 1_000, wrong: 0 });
  expect(keys.get(0)).toBeUndefined();
});
