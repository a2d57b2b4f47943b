/**
 * Cholesky's decomposition in place: the lower triangle of a symmetric, positive definite matrix (row-major, n × n)
 * becomes L of LLᵀ. A pivot that rounding made too small is lifted, so that twins do not end the fit.
 */
export function cholesky(matrix: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    const rowI = i * n;
    const least = 1e-9 * matrix[rowI + i]!;
    for (let j = 0; j < i; j++) {
      const rowJ = j * n;
      matrix[rowI + j] = (matrix[rowI + j]! - dot(matrix, rowI, rowJ, j)) / matrix[rowJ + j]!;
    }
    matrix[rowI + i] = Math.sqrt(Math.max(least, matrix[rowI + i]! - dot(matrix, rowI, rowI, i)));
  }
}

/** Solves Lx = b in place, from row `first` on: what is above must be 0. */
export function solveLower(lower: Float64Array, n: number, b: Float64Array, first = 0): void {
  for (let i = first; i < n; i++) {
    const row = i * n;
    let sum = b[i]!;
    for (let k = first; k < i; k++) sum -= lower[row + k]! * b[k]!;
    b[i] = sum / lower[row + i]!;
  }
}

/** Solves Lᵀx = b in place. */
export function solveUpper(lower: Float64Array, n: number, b: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    const row = i * n;
    const x = b[i]! / lower[row + i]!;
    b[i] = x;
    for (let k = 0; k < i; k++) b[k]! -= lower[row + k]! * x;
  }
}

/** The diagonal of (LLᵀ)⁻¹: the squared lengths of the columns of L⁻¹. */
export function inverseDiagonal(lower: Float64Array, n: number): Float64Array {
  // Rows of L⁻ᵀ, one a column of L⁻¹, so that every loop runs along a row.
  const diagonal = new Float64Array(n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    column.fill(0, j);
    column[j] = 1;
    solveLower(lower, n, column, j);
    let sum = 0;
    for (let i = j; i < n; i++) sum += column[i]! * column[i]!;
    diagonal[j] = sum;
  }
  return diagonal;
}

/** The dot product of the first `length` values of two rows, four sums at a time. */
function dot(values: Float64Array, a: number, b: number, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s0 += values[a + k]! * values[b + k]!;
    s1 += values[a + k + 1]! * values[b + k + 1]!;
    s2 += values[a + k + 2]! * values[b + k + 2]!;
    s3 += values[a + k + 3]! * values[b + k + 3]!;
  }
  for (; k < length; k++) s0 += values[a + k]! * values[b + k]!;
  return s0 + s1 + s2 + s3;
}
