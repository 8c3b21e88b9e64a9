import type { WrittenConstant } from './declared-value.js';
import type { Dialect } from './dialect.js';
import { decodeBit, decodeHex, decodeString } from './literal.js';
import type { Scan } from './scan.js';
import { TokenKind } from './tokens.js';

/** The value of a literal: adjacent strings are one. */
export function readConstant(
  scan: Scan,
  dialect: Dialect,
  slots: readonly number[],
  negative: boolean,
  repetition: number,
): WrittenConstant {
  const { statement } = scan;
  const pieces: Buffer[] = [];
  for (const collapsed of slots) {
    const slot = scan.slotAt(collapsed, repetition);
    const start = scan.slotStart[slot]!;
    const end = scan.slotEnd[slot]!;
    switch (scan.slotKind[slot]) {
      case TokenKind.String:
      case TokenKind.NationalString:
        pieces.push(decodeString(statement, start, end, dialect));
        break;
      case TokenKind.Hex:
        return { kind: 'bytes', bytes: decodeHex(statement, start, end) };
      case TokenKind.Bit:
        return { kind: 'bytes', bytes: decodeBit(statement, start, end) };
      case TokenKind.Comment:
        break;
      default: {
        const text = statement.toString('latin1', start, end);
        return { kind: 'number', text: negative ? `-${text}` : text };
      }
    }
  }
  return { kind: 'text', bytes: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces) };
}
