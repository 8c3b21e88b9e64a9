/** A date with or without a time of day, as text names it; valid in the Gregorian calendar. */
export interface DateTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Digits behind the point, as written. */
  readonly fraction: string;
}

const DATE_TIME = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?)?)?$/;
const DIGITS = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?$/;

/** `YYYY-MM-DD`, `YYYY-MM-DD hh:mm:ss.ffffff` or `YYYYMMDD[hhmmss]`, valid or not; null: something else. */
export function parseDateTime(text: string): DateTime | null {
  const match = DATE_TIME.exec(text) ?? DIGITS.exec(text);
  if (match === null) return null;
  const number = (index: number): number => Number(match[index] ?? 0);
  return {
    year: number(1),
    month: number(2),
    day: number(3),
    hour: number(4),
    minute: number(5),
    second: number(6),
    fraction: match[7] ?? '',
  };
}

/** Whether month and day are there at all: zero ones depend on the sql_mode. */
export function hasZeroPart({ month, day }: DateTime): boolean {
  return month === 0 || day === 0;
}

/** Whether the calendar has the day and the clock the time. */
export function isValid({ year, month, day, hour, minute, second }: DateTime): boolean {
  const days = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/**
 * Digits of a fraction as a column of so many keeps them.
 * @param rounds half up; else the rest is cut off. What is beyond microseconds counts by its first digit.
 * @returns `carry`: one second more
 */
export function keepFraction(
  fraction: string,
  decimals: number,
  rounds: boolean,
): { readonly digits: string; readonly carry: boolean } {
  const round = (digits: string, keep: number): { value: bigint; carry: boolean } => {
    const padded = digits.padEnd(keep + 1, '0');
    let value = BigInt(padded.slice(0, keep) || '0');
    if (rounds && padded[keep]! >= '5') value += 1n;
    return { value, carry: value === 10n ** BigInt(keep) };
  };
  const micros = round(fraction.slice(0, 7), 6);
  if (micros.carry) return { digits: '0'.repeat(decimals), carry: true };
  const kept = round(micros.value.toString().padStart(6, '0'), decimals);
  return {
    digits:
      decimals === 0 || kept.carry ? '0'.repeat(decimals) : kept.value.toString().padStart(decimals, '0'),
    carry: kept.carry,
  };
}

/** One second later; null: beyond the year 9999. */
export function nextSecond(value: DateTime): DateTime | null {
  const date = new Date(0);
  date.setUTCFullYear(value.year, value.month - 1, value.day);
  date.setUTCHours(value.hour, value.minute, value.second + 1);
  if (date.getUTCFullYear() > 9999) return null;
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    fraction: '',
  };
}

const two = (value: number): string => value.toString().padStart(2, '0');

export function dateText({ year, month, day }: DateTime): string {
  return `${year.toString().padStart(4, '0')}-${two(month)}-${two(day)}`;
}

export function clockText({ hour, minute, second }: DateTime): string {
  return `${two(hour)}:${two(minute)}:${two(second)}`;
}
