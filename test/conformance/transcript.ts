import type { ProgramRun } from './run-program.js';

/** What two transcripts of the same script are compared by. */
export function lines(run: ProgramRun, port: number): string[] {
  return `${run.output}\nexit status ${run.status}`
    .replaceAll(new RegExp(`\\b${port}\\b`, 'g'), 'PORT')
    .split('\n');
}

/**
 * Whether a transcript differs from the straight ones by more than these differ from each other.
 * @returns the first difference as text for people, or null
 */
export function firstDifference(
  straight: readonly [readonly string[], readonly string[]],
  other: readonly string[],
): string | null {
  const [first, second] = straight;
  const differs = first.length !== second.length;
  const length = Math.max(first.length, other.length);
  for (let index = 0; index < length; index += 1) {
    const expected = first[index];
    const got = other[index];
    if (expected === got) continue;
    if (expected !== undefined && got !== undefined && second[index] !== expected) {
      // The straight runs differ here as well: words that they share have to be the same.
      if (differs || sharedWords(expected, second[index] ?? '') === sharedWords(got, second[index] ?? ''))
        continue;
      if (shape(expected) === shape(got)) continue;
    }
    const before = first.slice(Math.max(0, index - 4), index).map((line) => `      ${line.slice(0, 200)}`);
    return [
      `line ${index + 1}:`,
      ...before,
      `    - ${(expected ?? '(end)').slice(0, 400)}`,
      `    + ${(got ?? '(end)').slice(0, 400)}`,
      '  ends with:',
      ...other.slice(-6).map((line) => `      ${line.slice(0, 300)}`),
    ].join('\n');
  }
  return null;
}

function sharedWords(line: string, other: string): string {
  const words = new Set(other.split(/\s+/));
  return line
    .split(/\s+/)
    .filter((word) => words.has(word))
    .join(' ');
}

/** Without digits: times, ids, sizes. */
function shape(line: string): string {
  return line.replace(/\d+/g, '0');
}
