import type { Dialect } from './dialect.js';
import type { SlotSpan } from './edits.js';
import { lex } from './lexer.js';
import type { TemplateSegment } from './plan.js';
import { isTriviaKind, TokenBuffer, TokenKind } from './tokens.js';

const PLACEHOLDER = Buffer.from("'x'", 'latin1');

/**
 * Checks on a new plan that what we did not edit is what the server will read: writes the rewritten statement out
 * with the exemplar's own literals, lexes it, and expects every token of the original that lies in copied text at
 * the place it was copied to. An edit that opened a quote or a comment, or joined two tokens, shows here.
 * @returns null, or what is wrong
 */
export function checkUntouched(
  reduced: Buffer,
  original: TokenBuffer,
  segments: readonly TemplateSegment[],
  slots: readonly SlotSpan[],
  dialect: Dialect,
): string | null {
  const pieces: Buffer[] = [];
  const copies: { readonly from: number; readonly to: number; readonly at: number }[] = [];
  const slotByOrdinal = new Map(slots.filter((s) => s.kind === 'slot').map((s) => [s.ordinal, s]));
  let length = 0;
  const copy = (from: number, to: number): void => {
    copies.push({ from, to, at: length });
    add(reduced.subarray(from, to));
  };
  const add = (bytes: Buffer): void => {
    pieces.push(bytes);
    length += bytes.length;
  };
  for (const { ops } of segments) {
    for (const op of ops) {
      switch (op.kind) {
        case 'static':
          if (op.origin === undefined) add(op.bytes);
          else copy(op.origin, op.origin + op.bytes.length);
          break;
        case 'slot': {
          const slot = slotByOrdinal.get(op.slot);
          if (slot === undefined) return 'a slot that the statement does not have';
          copy(slot.start, slot.end);
          break;
        }
        case 'equality':
          add(op.open);
          for (const [index] of op.constants.entries()) {
            if (index > 0) add(Buffer.from(','));
            add(op.before);
            add(PLACEHOLDER);
            add(op.after);
          }
          add(op.close);
          if (op.passes.length > 0) add(Buffer.from(`${' OR ?'.repeat(op.passes.length)})`));
          break;
        case 'parameter':
          add(Buffer.from('?'));
          break;
        case 'noOffset':
        case 'recheck':
        case 'recheckEnd':
          break;
        default:
          add(PLACEHOLDER);
      }
    }
  }
  const rewritten = Buffer.concat(pieces);
  const tokens = new TokenBuffer();
  lex(rewritten, 0, rewritten.length, dialect, tokens);
  const kindAt = new Map<number, { kind: number; end: number }>();
  for (let index = 0; index < tokens.length; index++) {
    kindAt.set(tokens.start[index]!, { kind: tokens.kind[index]!, end: tokens.end[index]! });
    if (tokens.kind[index] === TokenKind.Invalid) return 'the rewritten statement does not lex';
  }
  for (const { from, to, at } of copies) {
    for (let index = lowerBound(original, from); index < original.length; index++) {
      const start = original.start[index]!;
      const end = original.end[index]!;
      if (start >= to) break;
      if (end > to) return 'a token was cut';
      const kind = original.kind[index]!;
      if (isTriviaKind(kind) || kind === TokenKind.End) continue;
      const found = kindAt.get(at + start - from);
      if (found === undefined || found.kind !== kind || found.end !== at + end - from) {
        return 'a token outside the edits changed';
      }
    }
  }
  return null;
}

function lowerBound(tokens: TokenBuffer, offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens.start[middle]! < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
