/** `1.234,5` or `1 234,5`: points and blanks group thousands, a comma is the decimal point. */
const DECIMAL_COMMA = /^-?\d{1,3}(?:[. '\u00a0\u202f]\d{3})*,\d+$|^-?\d+,\d+$/;
/** `12,5` and `1.234,5`, but not `1,234`, which may be a thousand. */
const SURELY_COMMA = /^-?\d+,(?:\d{1,2}|\d{4,})$|^-?\d{1,3}(?:\.\d{3})+,\d+$|^-?0,\d+$/;
const GROUPED = /^-?\d{1,3}(?:[., '\u00a0\u202f]\d{3})+$/;
const GROUPED_POINT = /^-?\d{1,3}(?:[, '\u00a0\u202f]\d{3})+\.\d+$/;

/** Whether a number can only have a decimal comma. */
export function hasDecimalComma(text: string): boolean {
  return SURELY_COMMA.test(text);
}

/**
 * The value of a number as spreadsheets write it, which is not plain decimal; NaN where it could be read in two ways.
 *
 * @param decimalComma - whether the file's numbers have decimal commas
 * @param whole - whether only a whole number makes sense, so that `1.234` can only be a thousand
 */
export function localNumber(text: string, decimalComma: boolean, whole: boolean): number {
  if (decimalComma && (DECIMAL_COMMA.test(text) || GROUPED.test(text)))
    return Number(text.replace(/[^\d,-]/g, "").replace(",", "."));
  if (GROUPED_POINT.test(text)) return Number(text.replace(/[^\d.-]/g, ""));
  return whole && GROUPED.test(text) ? Number(text.replace(/[^\d-]/g, "")) : Number.NaN;
}
