import type { SlotSpan } from './edits.js';
import { isLiteralKind, type TokenBuffer, TokenKind } from './tokens.js';

/** Literals and comments, which every statement of the shape has at the same place, and `?`. */
export function slotSpans(tokens: TokenBuffer): SlotSpan[] {
  const spans: SlotSpan[] = [];
  let slot = 0;
  let parameter = 0;
  for (let index = 0; index < tokens.length; index++) {
    const kind = tokens.kind[index]!;
    const span = { start: tokens.start[index]!, end: tokens.end[index]! };
    if (isLiteralKind(kind) || kind === TokenKind.Comment) {
      spans.push({ kind: 'slot', ordinal: slot++, ...span });
    } else if (kind === TokenKind.Parameter) {
      spans.push({ kind: 'parameter', ordinal: parameter++, ...span });
    }
  }
  return spans;
}
