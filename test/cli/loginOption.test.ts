import { expect, test } from "vitest";
import { parseLogin } from "../../src/cli/input/loginOption.js";

test("a rule of log-ins is read from its words, and rules add up", () => {
  const first = parseLogin("path=/oauth/token failed=400");
  expect(parseLogin("path=/wp-login.php failed=200 succeeded=302,3xx method=post", first)).toEqual([
    { path: "/oauth/token", failed: ["400"] },
    { path: "/wp-login.php", failed: ["200"], succeeded: ["302", "3xx"], methods: ["post"] },
  ]);
});

test.each(["", "failed=400", "path=", "path=/a path=/b", "path=/a broken=1", "path=/a failed=no", "path=/a failed=40"])(
  "%j is no rule",
  (text) => expect(() => parseLogin(text)).toThrow(),
);
