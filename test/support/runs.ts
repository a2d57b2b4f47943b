/**
 * How many random cases a test tries: all of them where `GEOPIVOT_THOROUGH` is set (`npm run test:thorough`), a fifth of
 * them by default. Seeds stay, so the fifth are among the others.
 */
export function runs(all: number): number {
  return process.env.GEOPIVOT_THOROUGH ? all : Math.max(Math.min(all, 8), Math.ceil(all / 5));
}
