const SIZE_UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['B', 1],
  ['KiB', 2 ** 10],
  ['MiB', 2 ** 20],
  ['GiB', 2 ** 30],
  ['kB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
]);

const DURATION_UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['ms', 1e-3],
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86400],
]);

/** `64MiB`, `512 kB`, `1024` → bytes; undefined when it is no size or no whole number of bytes. */
export function parseSize(text: string): number | undefined {
  const bytes = parseQuantity(text, SIZE_UNITS);
  return bytes !== undefined && Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** `8s`, `500ms`, `8h`, `25` → seconds; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  return parseQuantity(text, DURATION_UNITS);
}

function parseQuantity(text: string, units: ReadonlyMap<string, number>): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s*([A-Za-z]*)$/.exec(text.trim());
  const factor = units.get(match?.[2] ?? '');
  if (match === null || factor === undefined) return undefined;
  return Number(match[1]) * factor;
}
