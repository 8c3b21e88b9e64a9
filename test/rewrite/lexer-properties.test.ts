import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dialect } from '../../src/rewrite/dialect.js';
import { lex } from '../../src/rewrite/lexer.js';
import { TokenBuffer, TokenKind } from '../../src/rewrite/tokens.js';
import { mariadb, mysql } from './lexing.js';

/** Pieces that begin, end or break tokens, so that random texts reach the odd states. */
const PIECES = [
  'SELECT', 'INSERT', 'a', 't', '_utf8mb4', 'x', 'N', 'b', 'e', 'M', '$', '$$', '_', '1', '0', '0x', '0b', '50000',
  '99999', "'", '"', '`', '\\', '.', '..', '1.', '1e', '-', '--', '-- ', '#', '/', '/*', '/*!', '/*!50000', '/*M!',
  '/*!99999', '/*+', '*/', '*', '@', '@@', '?', ':=', ':', '<=>', '<', '>', '=', '!', '&', '|', '(', ')', ',', ';',
  ' ', '\n', '\t', '\0', '\x01', '\x7f', '\xa0', '\xc3\xa9', '\xff', '{', '}', 'VALUES', '\\N', "x'41'", '1.5e3',
]; // biome-ignore format: a list

const statements = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 40 })
  .map((pieces) => Buffer.from(pieces.join(''), 'latin1'));

const dialects: fc.Arbitrary<Dialect> = fc
  .record({
    server: fc.constantFrom(mysql, mariadb),
    sqlMode: fc.constantFrom('', 'ANSI_QUOTES', 'NO_BACKSLASH_ESCAPES', 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'),
    charset: fc.constantFrom('utf8mb4', 'latin1', 'cp850', 'ujis', 'ascii'),
  })
  .map(({ server, sqlMode, charset }) => server({ sqlMode, charset }));

function lexed(statement: Buffer, dialect: Dialect, start = 0, end = statement.length): TokenBuffer {
  const tokens = new TokenBuffer();
  lex(statement, start, end, dialect, tokens);
  return tokens;
}

describe('any statement', () => {
  test('tokens are in order, do not overlap, and leave out white space only', () => {
    fc.assert(
      fc.property(statements, dialects, (statement, dialect) => {
        const tokens = lexed(statement, dialect);
        let at = 0;
        for (let i = 0; i <= tokens.length; i++) {
          const start = i < tokens.length ? (tokens.start[i] ?? -1) : statement.length;
          expect(statement.toString('latin1', at, start)).toMatch(/^[\t-\r \xa0\xff]*$/);
          if (i === tokens.length) break;
          at = tokens.end[i] ?? -1;
          expect(at).toBeGreaterThan(start);
          if (tokens.kind[i] === TokenKind.Invalid) {
            expect(i).toBe(tokens.length - 1);
            expect(at).toBe(statement.length);
          }
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test('what stands around the statement in its packet does not matter', () => {
    fc.assert(
      fc.property(statements, statements, dialects, (statement, other, dialect) => {
        const alone = lexed(statement, dialect);
        const packet = Buffer.concat([other, statement, other]);
        const inside = lexed(packet, dialect, other.length, other.length + statement.length);
        expect(inside.length).toBe(alone.length);
        for (let i = 0; i < alone.length; i++) {
          expect(inside.kind[i]).toBe(alone.kind[i]);
          expect((inside.start[i] ?? 0) - other.length).toBe(alone.start[i]);
          expect((inside.end[i] ?? 0) - other.length).toBe(alone.end[i]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('executable comments open before they close, and all close', () => {
    fc.assert(
      fc.property(statements, dialects, (statement, dialect) => {
        const tokens = lexed(statement, dialect);
        let open = false;
        for (let i = 0; i < tokens.length; i++) {
          if (tokens.kind[i] === TokenKind.ExecutableOpen) open = true;
          if (tokens.kind[i] !== TokenKind.ExecutableClose) continue;
          expect(open).toBe(true);
          open = false;
        }
        expect(open).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  test('a token buffer is reusable', () => {
    const tokens = new TokenBuffer();
    lex(Buffer.from('SELECT a, b, c FROM t'), 0, 21, mysql(), tokens);
    lex(Buffer.from('SELECT 1'), 0, 8, mysql(), tokens);
    expect(tokens.length).toBe(2);
  });
});

describe('1 MiB of adversarial text takes linear time', () => {
  const texts = [
    'a', '1', "'", '`', '\\', '.', '-', '#', '/', '*', '@', '$', '<', '(', ' ', '\n', "'\\", "''", '``', "x'", "N'", '@`', "@'",
    '/*/', '/* */', '/*! */', '/*!', '/*!99999/*', '/*+*/SELECT', 'SELECT /*+ ` */', 'SELECT /*+', '1e+', '0xg', 'a.', '.a',
    '$a', '_utf8', '-->', '-- ', '\n-- ', '(1),', 'select ',
  ]; // biome-ignore format: a list
  test.each(texts.map((text) => [text]))('%j', (text) => {
    for (const first of ['', '/*!', 'SELECT /*+']) {
      const statement = Buffer.from(first + text.repeat(Math.ceil((1 << 20) / text.length)), 'latin1');
      const before = performance.now();
      lexed(statement, mysql());
      lexed(statement, mariadb());
      // Two passes take about 20 ms; quadratic time would take minutes.
      expect(performance.now() - before).toBeLessThan(2_000);
    }
  });
});
