import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ColumnType } from '../../src/protocol/constants/column-types.js';
import { MalformedPacketError } from '../../src/protocol/malformed-packet-error.js';
import { BinaryRowLayout, type RowColumn } from '../../src/protocol/resultset/binary-row-layout.js';
import type { IntegerChange } from '../../src/protocol/resultset/integer-change.js';
import { RowRecoder } from '../../src/protocol/row-recoder.js';
import { type Bytes, eof, int, lenenc, ok, packet, splits } from '../support/wire.js';

const { MYSQL_TYPE_LONGLONG, MYSQL_TYPE_LONG, MYSQL_TYPE_VAR_STRING, MYSQL_TYPE_DATETIME } = ColumnType;
const { MYSQL_TYPE_NEWDECIMAL } = ColumnType;
const LONGEST = 0xff_ffff;

function change(width: number, unsigned = false, sourceWidth = 8): IntegerChange {
  return { sourceWidth, sourceUnsigned: unsigned, width, unsigned, misfit: 'nearest' };
}

const FAILING: IntegerChange = { ...change(1), misfit: 'fail' };
const TINY: RowColumn = { type: MYSQL_TYPE_LONGLONG, change: change(1) };
const LONG: RowColumn = { type: MYSQL_TYPE_LONGLONG, change: change(4) };
const UNSIGNED: RowColumn = { type: MYSQL_TYPE_LONGLONG, change: change(4, true) };
const FROM_LONG: RowColumn = { type: MYSQL_TYPE_LONG, change: change(2, false, 4) };
const FROM_TEXT: RowColumn = { type: MYSQL_TYPE_NEWDECIMAL, change: change(8, false, 0) };
const BIG: RowColumn = { type: MYSQL_TYPE_LONGLONG, change: null };
const STRING: RowColumn = { type: MYSQL_TYPE_VAR_STRING, change: null };
const DATETIME: RowColumn = { type: MYSQL_TYPE_DATETIME, change: null };

/** A row by the manual; null stands for NULL. */
function binaryRow(values: readonly (Bytes | null)[]): number[] {
  const bitmap: number[] = new Array((values.length + 9) >> 3).fill(0);
  for (const [i, value] of values.entries()) {
    if (value === null) bitmap[(i + 2) >> 3]! |= 1 << ((i + 2) & 7);
  }
  return [0, ...bitmap, ...values.flatMap((value) => value ?? [])];
}

function layoutOf(columns: readonly RowColumn[]): BinaryRowLayout {
  const layout = BinaryRowLayout.of(columns);
  if (layout === null) throw new Error('nothing changes');
  return layout;
}

/** What the client gets of chunks. */
function relayed(layout: BinaryRowLayout | null, chunks: readonly Buffer[]): Buffer {
  const pieces: Buffer[] = [];
  const recoder = new RowRecoder((bytes) => pieces.push(Buffer.from(bytes)));
  recoder.begin(layout);
  for (const chunk of chunks) recoder.push(Buffer.from(chunk));
  return Buffer.concat(pieces);
}

function numbered(payloads: readonly Bytes[], first = 4): Buffer {
  return Buffer.from(payloads.flatMap((payload, i) => packet(first + i, payload)));
}

const COLUMNS = [BIG, TINY, STRING, LONG, DATETIME, UNSIGNED, FROM_LONG, STRING, FROM_TEXT, BIG];
const NARROWED = COLUMNS.map((column) => (column === FROM_TEXT ? BIG : column));
const WHEN = [4, 0xea, 7, 11, 22];

function row(value: number, text: string, last: Bytes): (Bytes | null)[] {
  const unsigned = Math.abs(value);
  return [
    int(8, 1),
    int(8, BigInt.asUintN(64, BigInt(value))),
    lenenc(text),
    int(8, BigInt.asUintN(64, BigInt(value))),
    WHEN,
    int(8, unsigned),
    int(4, BigInt.asUintN(32, BigInt(value))),
    lenenc(''),
    last,
    int(8, 9),
  ];
}

function narrowed(value: number, text: string, last: Bytes): (Bytes | null)[] {
  const wide = row(value, text, last);
  wide[1] = int(1, BigInt.asUintN(8, BigInt(value)));
  wide[3] = int(4, BigInt.asUintN(32, BigInt(value)));
  wide[5] = int(4, Math.abs(value));
  wide[6] = int(2, BigInt.asUintN(16, BigInt(value)));
  return wide;
}

const withNulls = (values: (Bytes | null)[], nulls: readonly number[]): (Bytes | null)[] =>
  values.map((value, i) => (nulls.includes(i) ? null : value));

describe('rows with integers of another width', () => {
  const rows = (make: typeof row): Bytes[] => [
    binaryRow(make(-128, 'x', int(8, 5))),
    binaryRow(withNulls(make(127, 'y'.repeat(300), int(8, 6)), [1, 4, 7])),
    binaryRow(withNulls(make(0, '', int(8, 7)), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])),
    eof(),
  ];

  it('split at every byte', () => {
    const expected = numbered(rows(narrowed));
    for (const chunks of splits(numbered(rows(row)))) {
      expect(relayed(layoutOf(NARROWED), chunks).equals(expected)).toBe(true);
    }
  });

  it('a byte at a time, and definitions and an OK pass', () => {
    const definition = [3, ...Buffer.from('def'), 0, 0];
    const end = ok({ header: 0xfe });
    const whole = numbered([[2], definition, binaryRow(row(5, 'a', int(8, 1))), end], 1);
    const bytes = [...whole].map((byte) => Buffer.from([byte]));
    const expected = numbered([[2], definition, binaryRow(narrowed(5, 'a', int(8, 1))), end], 1);
    expect(relayed(layoutOf(NARROWED), bytes).equals(expected)).toBe(true);
  });

  it('a DECIMAL becomes an integer, longer than its text', () => {
    const wide = [binaryRow(row(1, 'a', lenenc('-7'))), binaryRow(row(2, '', lenenc('12345'))), eof()];
    const expected = numbered([
      binaryRow(narrowed(1, 'a', int(8, BigInt.asUintN(64, -7n)))),
      binaryRow(narrowed(2, '', int(8, 12_345))),
      eof(),
    ]);
    for (const chunks of splits(numbered(wide))) {
      expect(relayed(layoutOf(COLUMNS), chunks).equals(expected)).toBe(true);
    }
  });

  it('any rows in any chunks', () => {
    const value = fc.record({
      value: fc.integer({ min: -128, max: 127 }),
      text: fc.string({ maxLength: 400 }),
      nulls: fc.array(fc.nat(9), { maxLength: 10 }),
    });
    const cuts = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 12 }), cuts, (all, sizes) => {
        const make = (form: typeof row): Buffer =>
          numbered([
            ...all.map((one) => binaryRow(withNulls(form(one.value, one.text, int(8, 3)), one.nulls))),
            eof(),
          ]);
        const whole = make(row);
        const chunks: Buffer[] = [];
        for (let at = 0, i = 0; at < whole.length; i += 1) {
          const end = at + (sizes[i % sizes.length] ?? 1);
          chunks.push(whole.subarray(at, end));
          at = end;
        }
        expect(relayed(layoutOf(NARROWED), chunks).equals(make(narrowed))).toBe(true);
      }),
    );
  });

  it('without a layout bytes pass, the same memory', () => {
    const chunk = Buffer.from([1, 2, 3]);
    const pieces: Buffer[] = [];
    new RowRecoder((bytes) => pieces.push(bytes)).push(chunk);
    expect(pieces[0]).toBe(chunk);
  });

  it('a run of whole rows is one piece of the chunk', () => {
    const chunk = numbered(rows(row));
    const pieces: Buffer[] = [];
    const recoder = new RowRecoder((bytes) => pieces.push(bytes));
    recoder.begin(layoutOf(NARROWED));
    recoder.push(chunk);
    expect(pieces).toHaveLength(1);
    expect(pieces[0]?.buffer).toBe(chunk.buffer);
  });
});

describe('rows of several packets', () => {
  /** A payload as the server sends it. */
  function split(payload: Buffer, first: number): Buffer {
    const parts: Buffer[] = [];
    for (let at = 0, i = 0; ; at += LONGEST, i += 1) {
      const part = payload.subarray(at, at + LONGEST);
      parts.push(Buffer.from([...int(3, part.length), (first + i) & 0xff]), part);
      if (part.length < LONGEST) return Buffer.concat(parts);
    }
  }

  const body = (value: Bytes, length: number, after: Bytes): Buffer =>
    Buffer.concat([
      Buffer.from([0, 0, ...value, 0xfd, ...int(3, length)]),
      Buffer.alloc(length, 0x61),
      Buffer.from(after),
    ]);
  const layout = layoutOf([LONG, STRING, TINY]);
  const minusOne = int(8, 2n ** 64n - 1n);

  // Header byte, bitmap, 8 + 8 and 4 + 1 bytes of integers, 4 of the length.
  it.each([
    ['stays of two', LONGEST - 10, 0],
    ['becomes of one', LONGEST - 15, -1],
    ['ends with an empty packet', LONGEST - 11, 0],
    ['stays of one', LONGEST - 30, 0],
  ])('a row that %s', (_name, length, fewer) => {
    const wide = body(minusOne, length, minusOne);
    const narrow = body(int(4, 0xffff_ffff), length, [0xff]);
    const packetsBefore = Math.floor(wide.length / LONGEST) + 1;
    const small = binaryRow([int(8, 3), lenenc('b'), int(8, 4)]);
    const smaller = binaryRow([int(4, 3), lenenc('b'), int(1, 4)]);
    const sent = Buffer.concat([split(wide, 250), numbered([small, eof()], 250 + packetsBefore)]);
    const packetsAfter = Math.floor(narrow.length / LONGEST) + 1;
    expect(packetsAfter - packetsBefore).toBe(fewer);
    const expected = Buffer.concat([split(narrow, 250), numbered([smaller, eof()], 250 + packetsAfter)]);
    for (const size of [65_536, 8_000_003, sent.length]) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < sent.length; at += size) chunks.push(sent.subarray(at, at + size));
      expect(relayed(layout, chunks).equals(expected), `chunks of ${size}`).toBe(true);
    }
  });
});

describe('values', () => {
  const one = (source: bigint, to: IntegerChange): string => {
    const width = to.sourceWidth;
    const bytes = int(width, BigInt.asUintN(width * 8, source));
    const type = width === 8 ? MYSQL_TYPE_LONGLONG : MYSQL_TYPE_LONG;
    const sent = numbered([binaryRow([bytes])]);
    const got = relayed(layoutOf([{ type, change: to }]), [sent]);
    return got.subarray(6).toString('hex');
  };

  it.each([
    [-128n, change(1), '80'],
    [127n, change(1), '7f'],
    [128n, change(1), '7f'],
    [-129n, change(1), '80'],
    [255n, change(1, true), 'ff'],
    [256n, change(1, true), 'ff'],
    [-32_768n, change(2, false, 4), '0080'],
    [40_000n, change(2, false, 4), 'ff7f'],
    [2n ** 31n, change(4), 'ffffff7f'],
    [2n ** 64n - 1n, change(4, true), 'ffffffff'],
    [2n ** 64n - 1n, { ...change(4), sourceUnsigned: true }, 'ffffff7f'],
    [2n ** 63n, { ...change(8), sourceUnsigned: true }, 'ffffffffffffff7f'],
    [-1n, { ...change(4, true), sourceUnsigned: false }, '00000000'],
    [-2n, { ...change(8), sourceWidth: 4 }, 'feffffffffffffff'],
    [2n ** 32n - 1n, { ...change(8), sourceWidth: 4, sourceUnsigned: true }, 'ffffffff00000000'],
  ])('%s', (source, to, expected) => {
    expect(one(source, to)).toBe(expected);
  });

  it.each([
    ['-128', change(1, false, 0), '80'],
    ['200', change(1, false, 0), '7f'],
    ['-1', change(4, true, 0), '00000000'],
    ['18446744073709551615', change(8, true, 0), 'ffffffffffffffff'],
    ['18446744073709551616', change(8, true, 0), 'ffffffffffffffff'],
    ['-99999999999999999999', change(8, false, 0), '0000000000000080'],
  ])('the text %s', (source, to, expected) => {
    const layout = layoutOf([{ type: MYSQL_TYPE_NEWDECIMAL, change: to }]);
    const got = relayed(layout, [numbered([binaryRow([lenenc(source)])])]);
    expect(got.subarray(6).toString('hex')).toBe(expected);
  });
});

describe('what is no such row', () => {
  it.each([
    ['ends in a value', [TINY], [0, 0, 1, 2]],
    ['ends in its null bitmap', [...COLUMNS], [0, 0]],
    ['has a string beyond its end', [STRING, TINY], [0, 0, 0xfc, 0xff, 0xff, 1, 2]],
    ['has a string without a length', [STRING, TINY], [0, 0, 0xff, 1, 2, 3, 4, 5, 6, 7, 8]],
    ['has a DECIMAL that is no integer', [FROM_TEXT], [0, 0, ...lenenc('1.5')]],
    ['has a value for which there is no room', [{ ...TINY, change: FAILING }], [0, 0, 128, ...int(7, 0)]],
    ['has a DECIMAL without digits', [FROM_TEXT], [0, 0, ...lenenc('')]],
  ])('a row that %s', (_name, columns, payload) => {
    const bytes = numbered([payload, eof()]);
    const layout = layoutOf(columns);
    expect(() => relayed(layout, [bytes])).toThrow(MalformedPacketError);
    expect(() => relayed(layout, [bytes.subarray(0, 6), bytes.subarray(6)])).toThrow(MalformedPacketError);
  });

  it('a column of an unknown type', () => {
    expect(() => BinaryRowLayout.of([{ type: 0x77, change: null }, TINY])).toThrow(MalformedPacketError);
    expect(BinaryRowLayout.of([{ type: 0x77, change: null }])).toBeNull();
  });
});
