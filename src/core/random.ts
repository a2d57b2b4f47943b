/**
 * A seeded source of randomness: the same seed gives the same numbers on every machine.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand), seeded through splitmix32. Not for secrets.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spareNormal = Number.NaN;

  constructor(seed: number) {
    let state = seed | 0;
    const splitmix = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let t = state ^ (state >>> 16);
      t = Math.imul(t, 0x21f0aaad);
      t ^= t >>> 15;
      t = Math.imul(t, 0x735a2d97);
      return (t ^ (t >>> 15)) | 0;
    };
    this.#a = splitmix();
    this.#b = splitmix();
    this.#c = splitmix();
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** An integer in [0, 2^32). */
  uint32(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return t >>> 0;
  }

  /** A number in [0, 1) with 32 bits of randomness. */
  next(): number {
    return this.uint32() / 4294967296;
  }

  /** An integer in [0, n). */
  int(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** One of the values, each as likely as the others. The list must not be empty. */
  pick<T>(values: readonly T[]): T {
    return values[this.int(values.length)]!;
  }

  /** A standard normal deviate (Marsaglia's polar method). */
  normal(): number {
    if (!Number.isNaN(this.#spareNormal)) {
      const spare = this.#spareNormal;
      this.#spareNormal = Number.NaN;
      return spare;
    }
    for (;;) {
      const x = 2 * this.next() - 1;
      const y = 2 * this.next() - 1;
      const s = x * x + y * y;
      if (s === 0 || s >= 1) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      this.#spareNormal = y * scale;
      return x * scale;
    }
  }

  /** A standard exponential deviate. */
  exponential(): number {
    return -Math.log(1 - this.next());
  }

  /** A gamma deviate of scale 1 (Marsaglia and Tsang 2000). `shape` must be positive. */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * (1 - this.next()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - this.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  /** A Poisson deviate: multiplication of uniforms for small means, halved by a gamma deviate for large (Ahrens and Dieter 1974). */
  poisson(mean: number): number {
    let rest = mean;
    let count = 0;
    while (rest > 30) {
      const order = Math.floor(rest * 0.875);
      const arrival = this.gamma(order);
      if (arrival > rest) return count + this.binomial(order - 1, rest / arrival);
      count += order;
      rest -= arrival;
    }
    const limit = Math.exp(-rest);
    for (let product = this.next(); product > limit; product *= this.next()) count++;
    return count;
  }

  /** A binomial deviate: halved by a beta deviate while `n` is large (Relles 1972), then counted. */
  binomial(n: number, probability: number): number {
    let trials = n;
    let p = probability;
    let count = 0;
    while (trials > 40) {
      const middle = (trials >>> 1) + 1;
      const x = this.gamma(middle);
      const beta = x / (x + this.gamma(trials + 1 - middle));
      if (beta <= p) {
        count += middle;
        trials -= middle;
        p = (p - beta) / (1 - beta);
      } else {
        trials = middle - 1;
        p /= beta;
      }
    }
    for (let i = 0; i < trials; i++) if (this.next() < p) count++;
    return count;
  }
}
