import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { Cube } from "../../src/cube/cube.js";
import { SuspiciousDetector } from "../../src/detect/suspicious/suspiciousDetector.js";
import { openLocator } from "../../src/locate/openLocator.js";
import { readBatches } from "../../src/read/readBatches.js";
import { cityDatabase, hasCityDatabase } from "../support/cityDatabase.js";

test.skipIf(!hasCityDatabase)(
  "a cube and the detector of suspicious traffic keep nothing of a batch",
  async () => {
    const locator = await openLocator({ databases: [cityDatabase.ipv4] });
    const answers: unknown[] = [];
    for (const reuse of [false, true]) {
      const cube = new Cube({ dimensions: ["service"] });
      const detector = new SuspiciousDetector();
      for await (const batch of readBatches("data/sample.ndjson.gz", { locator, batchRows: 10_000, reuse })) {
        cube.add(batch);
        detector.push(batch);
        // What is kept of it would now be wrong.
        if (reuse)
          for (const column of [batch.timeMs, batch.status, batch.user.bytes, batch.client.value]) column.fill(7);
      }
      detector.finish();
      const cubeHash = createHash("sha256").update(cube.save()).digest("hex");
      answers.push({ cubeHash, findings: detector.findings() });
    }
    expect(answers[1]).toEqual(answers[0]);
  },
  120_000,
);
