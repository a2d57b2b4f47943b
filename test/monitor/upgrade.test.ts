import { expect, test } from "vitest";
import { upgradedState } from "../../src/monitor/state/monitorState.js";
import { STATE_VERSION } from "../../src/monitor/state/stateStore.js";

test("a state of version 1 becomes one of this: changes get numbers, findings are known as they were told", () => {
  const kept = { made: "{}", counts: { changes: 3 }, judgedMs: 1_000 };
  const told = [
    { finding: { id: "a" }, isOpen: true },
    { finding: { id: "b" }, isOpen: false },
  ];
  expect(upgradedState({ ...kept, told }, 1, STATE_VERSION, "snapshot-1")).toEqual({
    ...kept,
    nextChange: 3,
    told: [
      { told: { id: "a" }, latest: { id: "a" }, isOpen: true },
      { told: { id: "b" }, latest: { id: "b" }, isOpen: false },
    ],
  });
});

test("what lacks what every state has is no state, whatever its version", () => {
  for (const value of [null, 7, {}, { made: "{}" }])
    expect(() => upgradedState(value, 1, STATE_VERSION, "snapshot-1")).toThrow(/lacks what every state has/);
});
