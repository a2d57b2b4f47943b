import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { localize } from "../../src/explain/localize.js";

describe("small tables", () => {
  test.each([
    ["amounts", { real: [100, 10], predicted: [100, 100] }],
    ["amounts with a little noise", { real: [98, 10], predicted: [100, 100] }],
    ["ratios", { real: [5, 100], realTotal: [1000, 1000], predicted: [5, 5], predictedTotal: [1000, 1000] }],
  ])("the one of two leaves that moved: %s", (_, columns) => {
    const { causes, verdict } = localize({ attributes: { country: ["DE", "FR"] }, ...columns });
    expect({ verdict, slice: causes[0]?.slice }).toEqual({ verdict: "found", slice: { country: "FR" } });
  });

  test("two leaves that moved alike are external, two that did not move are nothing", () => {
    const attributes = { country: ["DE", "FR"] };
    expect(localize({ attributes, real: [50, 48], predicted: [100, 100] }).verdict).toBe("external");
    expect(localize({ attributes, real: [101, 98], predicted: [100, 100] }).verdict).toBe("none");
  });
});

test("all of Europe but Germany, where that is the shorter truth", () => {
  const countries = ["DE", "FR", "GB", "IT", "ES", "PL", "NL", "US", "CA", "MX", "JP", "IN", "KR"];
  const rows = countries.flatMap((country, c) =>
    ["v1", "v2", "v3"].map((version) => ({ country, version, continent: c < 7 ? "EU" : c < 10 ? "NA" : "AS" })),
  );
  const isHit = ({ continent, country }: (typeof rows)[number]): boolean => continent === "EU" && country !== "DE";
  const { causes } = localize(
    {
      attributes: {
        continent: rows.map((row) => row.continent),
        country: rows.map((row) => row.country),
        version: rows.map((row) => row.version),
      },
      real: rows.map((row, i) => (isHit(row) ? 95 : 10) + (i % 3)),
      realTotal: rows.map(() => 1000),
      predicted: rows.map((_, i) => 10 + ((i * 7) % 3)),
      predictedTotal: rows.map(() => 1000),
    },
    { hierarchies: [["continent", "country"]] },
  );
  expect(causes).toHaveLength(1);
  expect(causes[0]).toMatchObject({ slice: { continent: "EU" }, except: { country: ["DE"] } });
});

test("ten attributes, one of 100,000 values, 100,000 leaves: the cause, and how deep was looked", () => {
  const random = new Random(5);
  const leaves = 100_000;
  const widths = [100_000, 40, 20, 12, 10, 8, 6, 5, 4, 3];
  const columns = widths.map((width) => Array.from({ length: leaves }, () => `v${random.int(width)}`));
  const predicted = columns[0]!.map(() => 100);
  const real = predicted.map((amount, leaf) => {
    const isHit = columns[2]![leaf] === "v3" && columns[4]![leaf] === "v1";
    return amount * (1 + 0.1 * random.normal()) * (isHit ? 0.3 : 1);
  });
  const attributes = Object.fromEntries(columns.map((column, a) => [`a${a}`, column]));
  const { causes, depth } = localize({ attributes, real, predicted });
  expect(causes.map(({ slice }) => slice)).toEqual([{ a2: "v3", a4: "v1" }]);
  expect(depth).toBeGreaterThanOrEqual(3);
}, 120_000);
