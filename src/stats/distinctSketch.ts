/** 2^15 registers: a standard error of 1.04 / sqrt(2^15) = 0.57%. */
const INDEX_BITS = 15;
export const REGISTER_COUNT = 2 ** INDEX_BITS;
/** Up to this many distinct hashes are kept as they are, in no more room than the registers would take. */
export const EXACT_DISTINCT = 4096;
/** The most leading zeros plus one that the 49 bits below the index can have. */
const MAX_RANK = 64 - INDEX_BITS + 1;
const INDEX_SHIFT = 32 - INDEX_BITS;
const REST_MASK = (1 << INDEX_SHIFT) - 1;

/**
 * Counts distinct 64-bit hashes: exactly up to 4,096, by HyperLogLog with a standard error of 0.57% beyond.
 *
 * The sketch of a union is the union of the sketches, whatever the order: registers and sets alike. The pair 0, 0
 * stands for "nothing" and is not counted. Sources: Flajolet et al. 2007; the estimator without bias tables is that of
 * Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", 2017, section 2.
 */
export class DistinctSketch {
  #low = new Uint32Array(16);
  #high = new Uint32Array(16);
  #size = 0;
  #registers: Uint8Array | null = null;

  /** Whether {@link count} is exact. */
  get exact(): boolean {
    return this.#registers === null;
  }

  /** The registers (length {@link REGISTER_COUNT}), or null while the hashes themselves are kept. */
  get registers(): Uint8Array | null {
    return this.#registers;
  }

  /** Adds the hash whose halves are given, as unsigned integers. */
  add(low: number, high: number): void {
    if (this.#registers) raise(this.#registers, low, high);
    else if (low !== 0 || high !== 0) this.#insert(low, high);
  }

  /** Adds everything that another sketch has seen. */
  merge(other: DistinctSketch): void {
    if (other.#registers) this.mergeRegisters(other.#registers);
    else
      other.forEach((low, high) => {
        this.add(low, high);
      });
  }

  /** Adds everything that the registers of another sketch have seen. */
  mergeRegisters(registers: Uint8Array): void {
    const mine = this.#registers ?? this.#condense();
    for (let i = 0; i < REGISTER_COUNT; i++) if (registers[i]! > mine[i]!) mine[i] = registers[i]!;
  }

  /** Calls back with each hash while they are kept; does nothing once only registers are. */
  forEach(visit: (low: number, high: number) => void): void {
    if (this.#registers) return;
    for (let slot = 0; slot < this.#low.length; slot++) {
      const low = this.#low[slot]!;
      const high = this.#high[slot]!;
      if (low !== 0 || high !== 0) visit(low, high);
    }
  }

  /** How many distinct hashes were added: exact, or estimated if there were more than {@link EXACT_DISTINCT}. */
  count(): number {
    return this.#registers ? estimateDistinct(this.#registers) : this.#size;
  }

  /** Forgets everything. */
  clear(): void {
    this.#registers = null;
    if (this.#low.length > 64 && this.#low.length > 8 * this.#size) {
      this.#low = new Uint32Array(16);
      this.#high = new Uint32Array(16);
    } else if (this.#size > 0) {
      this.#low.fill(0);
      this.#high.fill(0);
    }
    this.#size = 0;
  }

  #insert(low: number, high: number): void {
    const mask = this.#low.length - 1;
    let slot = low & mask;
    while (this.#low[slot] !== 0 || this.#high[slot] !== 0) {
      if (this.#low[slot] === low && this.#high[slot] === high) return;
      slot = (slot + 1) & mask;
    }
    if (this.#size === EXACT_DISTINCT) {
      raise(this.#condense(), low, high);
      return;
    }
    this.#low[slot] = low;
    this.#high[slot] = high;
    if (2 * ++this.#size > this.#low.length) this.#grow();
  }

  #grow(): void {
    const low = this.#low;
    const high = this.#high;
    this.#low = new Uint32Array(2 * low.length);
    this.#high = new Uint32Array(2 * low.length);
    this.#size = 0;
    for (let i = 0; i < low.length; i++) if (low[i] !== 0 || high[i] !== 0) this.#insert(low[i]!, high[i]!);
  }

  #condense(): Uint8Array {
    const registers = new Uint8Array(REGISTER_COUNT);
    this.forEach((low, high) => {
      raise(registers, low, high);
    });
    this.clear();
    this.#registers = registers;
    return registers;
  }
}

/** Lets registers see a hash: the top 15 bits choose the register, which keeps the longest run of zeros below them. */
export function raise(registers: Uint8Array, low: number, high: number): void {
  if (low === 0 && high === 0) return;
  const rest = high & REST_MASK;
  const zeros = rest !== 0 ? Math.clz32(rest) - INDEX_BITS : INDEX_SHIFT + Math.clz32(low);
  const index = high >>> INDEX_SHIFT;
  if (zeros >= registers[index]!) registers[index] = zeros + 1;
}

/** Distinct hashes that registers have seen, estimated. */
export function estimateDistinct(registers: Uint8Array): number {
  const ranks = new Float64Array(MAX_RANK + 1);
  for (let i = 0; i < registers.length; i++) ranks[registers[i]!]!++;
  const m = registers.length;
  let z = m * tau(1 - ranks[MAX_RANK]! / m);
  for (let rank = MAX_RANK - 1; rank >= 1; rank--) z = 0.5 * (z + ranks[rank]!);
  z += m * sigma(ranks[0]! / m);
  return Math.round((m * m) / (2 * Math.LN2 * z));
}

/** Ertl 2017, algorithm 6: the share of untouched registers, corrected. */
function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let x = share;
  let y = 1;
  let z = x;
  for (let before = Number.NaN; z !== before; y += y) {
    x *= x;
    before = z;
    z += x * y;
  }
  return z;
}

/** Ertl 2017, algorithm 6: the share of saturated registers, corrected. */
function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let x = share;
  let y = 1;
  let z = 1 - x;
  for (let before = Number.NaN; z !== before; ) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}
