import type { Answer } from './explainer.js';
import type { Explained } from './input.js';

/** One line of JSON. */
export function formatJson(answer: Answer): string {
  return `${JSON.stringify(answer)}\n`;
}

/**
 * A paragraph that is itself a script: outcome and reason in comments, what is sent as it is sent.
 * @param number 1-based
 */
export function formatText(
  { statement, answer }: Explained,
  number: number,
  encoding: BufferEncoding,
): string {
  if (answer.outcome !== 'refused') return `-- ${number}: ${answer.outcome}\n${answer.sql ?? ''};\n\n`;
  const lines = [`-- ${number}: refused, ${answer.code}: ${oneLine(answer.reason ?? '')}`];
  lines.push(...pointAt(statement, answer.position, encoding).map((line) => `--   ${line}`));
  return `${lines.join('\n')}\n\n`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

/** The statement's lines, a caret below the byte at `position`. */
function pointAt(statement: Buffer, position: number | null, encoding: BufferEncoding): string[] {
  const lines = statement.toString(encoding).split('\n');
  if (position === null) return lines;
  const before = statement.toString(encoding, 0, Math.min(position, statement.length)).split('\n');
  // A tab stays one, so that the caret stands where the eye expects it.
  const indent = (before.at(-1) ?? '').replaceAll(/[^\t]/g, ' ');
  lines.splice(before.length, 0, `${indent}^`);
  return lines;
}
