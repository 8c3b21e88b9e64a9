/** A number as it is written, exactly: ± digits × 10^exponent. */
export interface ParsedNumber {
  readonly negative: boolean;
  readonly digits: string;
  /** Of the last digit. */
  readonly exponent: number;
}

const WRITTEN = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/;

/** Reads `12`, `-1.5`, `.5`, `1.`, `1e-3`; null for everything else, white space included. */
export function parseNumber(text: string): ParsedNumber | null {
  const match = WRITTEN.exec(text);
  if (match === null) return null;
  const [, sign, whole = '', fraction = match[4] ?? '', , exponent = '0'] = match;
  return {
    negative: sign === '-',
    digits: whole + fraction,
    exponent: Number(exponent) - fraction.length,
  };
}

/** A number with a fixed count of digits behind its point. */
export interface FixedNumber {
  readonly negative: boolean;
  /** Times 10^scale. */
  readonly magnitude: bigint;
  /** Nothing was rounded away. */
  readonly isExact: boolean;
}

/** Beyond so many digits before the point a number fits no column. */
const MOST_DIGITS = 400;

/**
 * Rounds half away from zero, as DECIMAL does.
 * @returns null for a number with hundreds of digits before its point
 */
export function toFixed({ negative, digits, exponent }: ParsedNumber, scale: number): FixedNumber | null {
  const significant = digits.replace(/^0+/, '');
  if (significant === '') return { negative: false, magnitude: 0n, isExact: true };
  if (significant.length + exponent > MOST_DIGITS) return null;
  const shift = exponent + scale;
  if (shift >= 0) return { negative, magnitude: BigInt(significant + '0'.repeat(shift)), isExact: true };
  const kept = significant.length + shift;
  if (kept < 0) return { negative: false, magnitude: 0n, isExact: false };
  const dropped = significant.slice(kept);
  const magnitude = BigInt(significant.slice(0, kept) || '0') + (dropped[0]! >= '5' ? 1n : 0n);
  return { negative: negative && magnitude > 0n, magnitude, isExact: /^0+$/.test(dropped) };
}

/** As DECIMAL(…, scale) shows it: `-0.50`. */
export function fixedText({ negative, magnitude }: FixedNumber, scale: number): string {
  const digits = magnitude.toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  const fraction = scale === 0 ? '' : `.${digits.slice(point)}`;
  return `${negative ? '-' : ''}${digits.slice(0, point)}${fraction}`;
}

/** A pattern of both servers' REGEXP: how they write numbers, and how strings hold one without anything else. */
export const NUMBER = '^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)(e[-+]?[0-9]+)?$';

/**
 * As MariaDB writes a DOUBLE, and MySQL one inside JSON: the digits of JavaScript, with an exponent beyond 15 digits and
 * below 1e-15. MySQL gives a column fewer characters, and so an exponent earlier.
 */
export function doubleText(number: number): string {
  if (number === 0) return Object.is(number, -0) ? '-0' : '0';
  const [, sign = '', first = '', rest = '', exponent = ''] =
    /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(number.toExponential()) ?? [];
  const digits = first + rest;
  const point = Number(exponent) + 1;
  if ((point > 15 && digits.length <= point) || point < -14) {
    return `${sign}${first}${rest === '' ? '' : `.${rest}`}e${Number(exponent)}`;
  }
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (digits.length <= point) return `${sign}${digits.padEnd(point, '0')}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
