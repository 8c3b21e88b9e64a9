import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lex } from '../../src/rewrite/lexer.js';
import { type Scan, Scanner } from '../../src/rewrite/shape.js';
import { TokenBuffer, TokenKind } from '../../src/rewrite/tokens.js';
import { mariadb, mysql } from './lexing.js';

const scanner = new Scanner();

function scan(sql: string, server = mysql(), contextId = 1): Scan {
  const statement = Buffer.from(sql, 'latin1');
  return scanner.scan(statement, 0, statement.length, server, contextId);
}

/** The shape without its context, markers as <digit>. */
function shape(sql: string, server = mysql()): string {
  const { key } = scan(sql, server);
  return key.slice(4).replace(/[\x01-\x08]/g, (marker) => `<${marker.charCodeAt(0)}>`);
}

function slots(sql: string): string[] {
  const { slotCount, slotStart, slotEnd } = scan(sql);
  return Array.from({ length: slotCount }, (_, i) => sql.slice(slotStart[i], slotEnd[i]));
}

describe('the shape', () => {
  test.each<[string, string]>([
    ["SELECT a FROM t WHERE b = 'x'", 'SELECT a FROM t WHERE b = <1>'],
    ["N'a' 0x41 b'1' 1 1.5 1e0", '<2> <3> <4> <5> <6> <7>'],
    ["_utf8mb4'a' X'41'", '_utf8mb4<1> <3>'],
    ['a /* b */ c -- d\ne # f', 'a <8> c <8>\ne <8>'],
    ['SELECT  a\tFROM\nt', 'SELECT  a\tFROM\nt'],
    ['SELECT /*+ NO_ICP(t) */ 1', 'SELECT /*+ NO_ICP(t) */ <5>'],
    ['/*!50000 SELECT 1 */', '/*!50000 SELECT <5> */'],
    ["SELECT @'a', @b, `c`, ?", "SELECT @'a', @b, `c`, ?"],
    ['t.1a', 't.1a'],
    ['-1', '-<5>'],
    ['', ''],
  ])('%j', (sql, expected) => {
    expect(shape(sql)).toBe(expected);
  });

  test('slots are literals and comments in order', () => {
    expect(slots("SELECT 'a', 1 /* c */ FROM t WHERE b = 0x41 AND @'v' = ?")).toEqual([
      "'a'",
      '1',
      '/* c */',
      '0x41',
    ]);
    expect(scan('SELECT ?, ?').parameterCount).toBe(2);
  });

  test('the context is part of the key', () => {
    const first = scan('SELECT 1', mysql(), 1).key;
    expect(scan('SELECT 2', mysql(), 1).key).toBe(first);
    expect(scan('SELECT 1', mysql(), 2).key).not.toBe(first);
    expect(scan('SELECT 1', mysql(), 0xfffffffe).key).not.toBe(first);
  });

  test('kinds of literals are part of the key', () => {
    const literals = ["'a'", "N'a'", '0x41', "b'1'", '1', '1.0', '1e0', '?', 'a', '/* a */'];
    expect(new Set(literals.map((literal) => scan(`SELECT ${literal}`).key)).size).toBe(literals.length);
  });

  test('text that the lexer can not read is not cacheable', () => {
    const { cacheable, key, invalidAt } = scan("SELECT 'a");
    expect({ cacheable, key, invalidAt }).toEqual({ cacheable: false, key: '', invalidAt: 7 });
    expect(scan('SELECT 1').invalidAt).toBe(-1);
  });

  test('bytes that look like markers are not cacheable', () => {
    for (const sql of ['SELECT `\x01`', "SELECT @'\x08'", 'SELECT /*+ \x01 */ 1']) {
      expect(scan(sql).cacheable, sql).toBe(false);
    }
    expect(scan("SELECT '\x01' /* \x01 */").cacheable).toBe(true);
  });

  test('V8 hashes strings of more than 16383 characters by length: such shapes are not cacheable', () => {
    const fits = 'a'.repeat(16_383 - 4);
    expect(scan(fits).cacheable).toBe(true);
    expect(scan(fits).key.length).toBe(16_383);
    expect(scan(`${fits}a`).cacheable).toBe(false);
    expect(scan('a,'.repeat(1 << 20)).cacheable).toBe(false);
    expect(scan('1,'.repeat(1 << 20)).cacheable).toBe(false);
    expect(scan(`SELECT '${'a'.repeat(1 << 20)}'`).cacheable).toBe(true);
    // and the scanner is as new
    expect(shape('SELECT 1')).toBe('SELECT <5>');
  });
});

describe('rows', () => {
  const insert = 'INSERT INTO t (a, b) VALUES ';

  test.each<[string, string]>([
    ['(1, 2)', '(<5>, <5>)'],
    ['(1, 2), (3, 4)', '(<5>, <5>), (<5>, <5>)'],
    ['(1, 2), (3, 4), (5, 6)', '(<5>, <5>), (<5>, <5>)'],
    ["(1, 2), (3, 'x'), (5, 'y'), (7, 8)", '(<5>, <5>), (<5>, <1>), (<5>, <5>)'],
    ['(1, 2),(3, 4), (5, 6), (7, 8)', '(<5>, <5>),(<5>, <5>), (<5>, <5>)'],
    ['(?, ?), (?, ?), (?, ?)', '(?, ?), (?, ?)'],
    ['(1, F(2)), (3, F((4))), (3, F((4)))', '(<5>, F(<5>)), (<5>, F((<5>)))'],
    [
      '(1, 2), (3, 4), (5, 6) ON DUPLICATE KEY UPDATE a = VALUES(a), b = (b), b = (b)',
      '(<5>, <5>), (<5>, <5>) ON DUPLICATE KEY UPDATE a = VALUES(a), b = (b), b = (b)',
    ],
    ['(1) /* x */, (2) /* y */, (3) AS n', '(<5>) <8>, (<5>) AS n'],
    ['(1) /* x */, (2) /* y */, (3) /* z */, (4)', '(<5>) <8>, (<5>)'],
    ['(1), /* x */ (2), /* y */ (3)', '(<5>), <8> (<5>)'],
    ['()', '()'],
    ['(), (), ()', '(), ()'],
    ['(1), (2) , (3)', '(<5>), (<5>) , (<5>)'],
    ['(1), (2), (3) RETURNING (a), (a), (a)', '(<5>), (<5>) RETURNING (a), (a), (a)'],
    ['(NULL), (NULL), (DEFAULT), (NULL)', '(NULL), (NULL), (DEFAULT), (NULL)'],
  ])('%s', (rows, expected) => {
    expect(shape(insert + rows)).toBe(insert + expected);
  });

  test.each([
    'SELECT VALUES(a), (b), (b), (b)',
    'SELECT 1 FROM t WHERE VALUES (1), (2), (3)',
    'INSERT INTO t SELECT VALUES(a), (b), (b), (b) FROM u',
    'INSERT INTO t SET a = VALUES(a), (b), (b), (b)',
    'INSERT INTO t (a) (VALUES (1), (2), (3))',
    'UPDATE t SET a = VALUES(a), (b), (b), (b)',
    'INSERT INTO t VALUES ROW(1), ROW(2), ROW(3)',
    'INSERT INTO t VALUES (1), /*! (2), */ (3), (4)',
    'INSERT INTO t (a) WITH c AS (SELECT 1) SELECT VALUES(a), (b), (b) FROM c',
  ])('%s: nothing is left out', (sql) => {
    expect(scan(sql).unitCount).toBe(0);
    expect(scan(sql).collapsedSlotCount).toBe(scan(sql).slotCount);
    expect(scan(sql).reduce().toString()).toBe(sql);
  });

  test.each([
    'REPLACE t VALUES (1), (2), (3)',
    'insert t value (1), (2), (3)',
    'VALUES (1), (2), (3)',
    'EXPLAIN INSERT INTO t VALUES (1), (2), (3)',
    '/* c */ INSERT INTO t VALUES (1), (2), (3)',
    '/*! INSERT */ INTO t VALUES (1), (2), (3)',
    'INSERT INTO value (a) VALUES (1), (2), (3)',
    'INSERT INTO t PARTITION (p) (a) VALUES (1), (2), (3)',
  ])('%s: three rows share the plan of two', (sql) => {
    const { unitCount, unitRepeat, collapsedSlotCount, slotCount } = scan(sql, mariadb());
    expect(unitCount).toBe(1);
    expect(unitRepeat[0]).toBe(2);
    expect(slotCount - collapsedSlotCount).toBe(1);
  });

  test('one plan for any number of rows', () => {
    const rows = (count: number): string =>
      insert + Array.from({ length: count }, (_, i) => `(${i}, 'name ${i}')`).join(', ');
    const { key } = scan(rows(2));
    for (const count of [3, 10, 1_000, 50_000]) {
      const result = scan(rows(count));
      expect(result.key).toBe(key);
      expect(result.unitRepeat[0]).toBe(count - 1);
      expect(result.slotCount).toBe(2 * count);
      expect(result.collapsedSlotCount).toBe(4);
      expect(result.reduce().toString()).toBe(rows(2));
    }
    expect(scan(rows(1)).key).not.toBe(key);
  });

  test('collapsed ordinals and repetitions name the slots and parameters of the statement', () => {
    const sql = `${insert}(1, ?), ('a', ?), ('b', ?), (2, ?), (3, ?), (4, ?) ON DUPLICATE KEY UPDATE a = 5, b = ?`;
    const result = scan(sql);
    const slot = (collapsed: number, repetition: number): string => {
      const index = result.slotAt(collapsed, repetition);
      return sql.slice(result.slotStart[index], result.slotEnd[index]);
    };
    expect(result.reduce().toString()).toBe(
      `${insert}(1, ?), ('a', ?), (2, ?) ON DUPLICATE KEY UPDATE a = 5, b = ?`,
    );
    expect(result.unitCount).toBe(2);
    expect([...result.unitRepeat.slice(0, 2)]).toEqual([2, 3]);
    expect([...result.unitFirstSlot.slice(0, 2)]).toEqual([1, 2]);
    expect([...result.unitSlots.slice(0, 2)]).toEqual([1, 1]);
    expect(result.collapsedSlotCount).toBe(4);
    expect([slot(0, 0), slot(1, 0), slot(1, 1), slot(2, 0), slot(2, 1), slot(2, 2), slot(3, 0)]).toEqual([
      '1', "'a'", "'b'", '2', '3', '4', '5',
    ]); // biome-ignore format: one line
    expect(result.collapsedParameterCount).toBe(4);
    expect(result.parameterCount).toBe(7);
    expect([0, 1, 2, 3].map((ordinal) => result.parameterAt(ordinal, 0))).toEqual([0, 1, 3, 6]);
    expect(result.parameterAt(1, 1)).toBe(2);
    expect(result.parameterAt(2, 2)).toBe(5);
    expect([0, 1, 2, 3].map((ordinal) => result.unitOfSlot(ordinal))).toEqual([-1, 0, 1, -1]);
  });

  test('byte ranges of units in the reduced statement', () => {
    const result = scan(`${insert}(1), ('a'), ('bcd'), (2), (34), (5) AS n`);
    const reduced = result.reduce().toString();
    const unit = (index: number): string =>
      reduced.slice(result.reducedUnitStart(index), result.reducedUnitEnd(index));
    expect([unit(0), unit(1)]).toEqual([", ('a')", ', (2)']);
  });

  test('a statement inside its packet', () => {
    const packet = Buffer.from(`\x03${insert}(1), (2), (3)`, 'latin1');
    const result = scanner.scan(packet, 1, packet.length, mysql(), 7);
    expect(result.reduce().toString()).toBe(`${insert}(1), (2)`);
    expect(result.reducedUnitStart(0)).toBe(`${insert}(1)`.length);
    expect(result.reducedUnitEnd(0)).toBe(`${insert}(1), (2)`.length);
  });

  test('many different rows overflow the key, and are then no units', () => {
    const rows = Array.from({ length: 4_000 }, (_, i) => (i % 2 === 0 ? '(1, NULL)' : '(NULL, 1)'));
    const result = scan(insert + rows.join(', '));
    expect(result.cacheable).toBe(false);
    expect(result.unitCount).toBe(0);
    expect(result.collapsedSlotCount).toBe(4_000);
    expect(result.slotAt(3_999, 0)).toBe(3_999);
    expect(result.reduce().toString()).toBe(insert + rows.join(', '));
  });
});

describe('any statement', () => {
  const PIECES = [
    'INSERT INTO t ', 'VALUES ', '(1)', "('a')", "('b', 2)", '(?)', '(?, 1)', ', ', ',', ' ', '/* c */', '-- d\n', 'ON ', 'SELECT ',
    'a', '`b`', '.', '1', "'x'", '2.5', '(', ')', '?', '/*!', '*/', "x'41'", '@v',
  ]; // biome-ignore format: a list
  const body = fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join(''));
  const statements = fc.tuple(
    fc.constantFrom('', 'INSERT INTO t VALUES (1), ', 'INSERT INTO t VALUES '),
    body,
  );

  const kinds = (sql: string): number[] => {
    const tokens = new TokenBuffer();
    const statement = Buffer.from(sql, 'latin1');
    lex(statement, 0, statement.length, mysql(), tokens);
    return [...tokens.kind.slice(0, tokens.length)];
  };

  test('reducing keeps the key, and its slots are the collapsed ones', () => {
    fc.assert(
      fc.property(statements, ([head, tail]) => {
        const sql = head + tail;
        const { key, collapsedSlotCount, collapsedParameterCount, cacheable, unitCount } = scan(sql);
        const reduced = scan(sql).reduce().toString('latin1');
        if (unitCount === 0) expect(reduced).toBe(sql);
        const again = scan(reduced);
        expect(again.key).toBe(key);
        expect(again.cacheable).toBe(cacheable);
        expect(again.slotCount).toBe(collapsedSlotCount);
        expect(again.parameterCount).toBe(collapsedParameterCount);
      }),
      { numRuns: 5_000 },
    );
  });

  test('expanding the reduced statement by its units gives the statement’s slots', () => {
    fc.assert(
      fc.property(statements, ([head, tail]) => {
        const result = scan(head + tail);
        const seen: number[] = [];
        let unit = 0;
        for (let ordinal = 0; ordinal < result.collapsedSlotCount; ) {
          while (unit < result.unitCount && (result.unitSlots[unit] ?? 0) === 0) unit++;
          if (unit < result.unitCount && result.unitFirstSlot[unit] === ordinal) {
            const size = result.unitSlots[unit] ?? 0;
            for (let repetition = 0; repetition < (result.unitRepeat[unit] ?? 0); repetition++) {
              for (let i = 0; i < size; i++) seen.push(result.slotAt(ordinal + i, repetition));
            }
            ordinal += size;
            unit++;
          } else {
            seen.push(result.slotAt(ordinal, 0));
            ordinal++;
          }
        }
        expect(seen).toEqual(Array.from({ length: result.slotCount }, (_, i) => i));
      }),
      { numRuns: 3_000 },
    );
  });

  test('equal keys mean equal tokens, and scanning again gives the same', () => {
    fc.assert(
      fc.property(statements, statements, ([head, tail], [otherHead, otherTail]) => {
        const one = scan(head + tail);
        const first = { key: one.key, reduced: one.reduce().toString('latin1'), cacheable: one.cacheable };
        const two = scan(otherHead + otherTail);
        const second = { key: two.key, reduced: two.reduce().toString('latin1') };
        const again = scan(head + tail);
        expect(again.key).toBe(first.key);
        if (first.cacheable && first.key === second.key) {
          expect(kinds(first.reduced)).toEqual(kinds(second.reduced));
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test('other literals and comments of the same kinds leave the key as it is, other text changes it', () => {
    const literals = (a: string, b: number, c: string): string => `SELECT x, '${a}', ${b} /* ${c} */ FROM t`;
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ]*$/), fc.nat(), fc.stringMatching(/^[a-z ]*$/), (a, b, c) => {
        const { key } = scan(literals(a, b, c));
        expect(key).toBe(scan(literals('', 0, '')).key);
        expect(scan(literals(a, b, c).replace('x', 'y')).key).not.toBe(key);
      }),
    );
  });

  test('kinds of slots are those of the tokens', () => {
    const result = scan("SELECT 'a', 1 -- c");
    expect([...result.slotKind.slice(0, 3)]).toEqual([
      TokenKind.String,
      TokenKind.Integer,
      TokenKind.Comment,
    ]);
  });
});
