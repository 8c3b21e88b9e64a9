import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/*
 * Finds marked values (canaries) in files, in every form in which a server may write them: as they are in any case,
 * reversed, in UTF-16, as hexadecimal digits, in base64 of any alignment.
 */

/** Begins every canary; five letters that occur in no file of a server by chance. */
export const PREFIX = 'cnryq';

/** The marked value of a number. */
export function canaryOf(number: number): string {
  return `${PREFIX}-${number.toString(36).padStart(4, '0')}-z`;
}

/** What was found in one file. */
export interface Finding {
  /** Relative to the folder. */
  readonly file: string;
  /** In lower case. */
  readonly canaries: readonly string[];
}

/** Every file below a folder that holds a canary. */
export function searchFolder(folder: string): Finding[] {
  const found: Finding[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const canaries = canariesIn(readFileSync(path));
    if (canaries.length > 0) found.push({ file: relative(folder, path), canaries });
  }
  return found;
}

/** The canaries that occur in some bytes, each once. */
export function canariesIn(bytes: Buffer): string[] {
  const text = bytes.toString('latin1');
  const found = new Set<string>();
  for (const [match] of text.matchAll(PLAIN)) found.add(match.toLowerCase());
  for (const [match] of text.matchAll(REVERSED)) found.add([...match.toLowerCase()].reverse().join(''));
  for (const [match] of text.matchAll(WIDE)) found.add(match.replaceAll('\0', '').toLowerCase());
  for (const [match] of text.matchAll(HEXADECIMAL)) {
    for (const inner of canariesIn(Buffer.from(match, 'hex'))) found.add(inner);
  }
  for (const [run] of text.matchAll(BASE64)) {
    for (let start = 0; start < 4; start += 1) {
      for (const inner of canariesIn(Buffer.from(run.slice(start), 'base64'))) found.add(inner);
    }
  }
  return [...found];
}

const PLAIN = new RegExp(`${PREFIX}-[a-z0-9]{4}-z`, 'gi');
const REVERSED = new RegExp(`z-[a-z0-9]{4}-${[...PREFIX].reverse().join('')}`, 'gi');
const WIDE = new RegExp(`${[...PREFIX, '-'].join('\\0')}(?:\\0[a-z0-9]){4}\\0-\\0z`, 'gi');
const HEXADECIMAL = new RegExp(
  [PREFIX, PREFIX.toUpperCase()]
    .map((prefix) => `${Buffer.from(prefix).toString('hex')}(?:[0-9a-f]{2})*`)
    .join('|'),
  'gi',
);

/** Runs with the characters that the prefix alone decides, for each of the three places where it may begin. */
const BASE64 = new RegExp(
  `[A-Za-z0-9+/]*(?:${[PREFIX, PREFIX.toUpperCase()].flatMap(inBase64).join('|')})[A-Za-z0-9+/]*`,
  'g',
);

function inBase64(prefix: string): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from('\0'.repeat(offset) + prefix).toString('base64');
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor(((offset + prefix.length) * 8) / 6);
    return encoded.slice(first, last).replaceAll('+', '\\+');
  });
}
