import { expect, test } from "vitest";
import { printable } from "../../src/cli/output/printable.js";

test("nothing that steers a terminal gets through, and other text is left alone", () => {
  expect(printable("\u001b[2Jevil\u0007\u009b31m\u202egnp.exe\nnext")).toBe(
    "\ufffd[2Jevil\ufffd\ufffd31m\ufffdgnp.exe\ufffdnext",
  );
  expect(printable("São Paulo, 東京 – 12 km")).toBe("São Paulo, 東京 – 12 km");
});
