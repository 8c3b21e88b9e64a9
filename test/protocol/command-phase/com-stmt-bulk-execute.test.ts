import { describe, expect, it } from 'vitest';
import { ProxyError } from '../../../src/errors.js';
import { BufferWriter } from '../../../src/protocol/buffer-writer.js';
import {
  decodeComStmtBulkExecute,
  encodeComStmtBulkExecute,
  MAX_BULK_VALUES,
} from '../../../src/protocol/command-phase/com-stmt-bulk-execute.js';
import { MalformedPacketError } from '../../../src/protocol/malformed-packet-error.js';
import { int, lenenc } from '../../support/wire.js';

/** Two rows of (INT, VARCHAR): (7, 'x'), (NULL, DEFAULT). */
const ROWS = [0, ...int(4, 7), 0, ...lenenc('x'), 1, 2];
const TYPES = [3, 0x80, 0xfd, 0];
const WITH_TYPES = Buffer.from([0xfa, ...int(4, 9), ...int(2, 128), ...TYPES, ...ROWS]);

describe('COM_STMT_BULK_EXECUTE', () => {
  it('reads types, values and indicators', () => {
    expect(decodeComStmtBulkExecute(WITH_TYPES, { numParams: 2 })).toEqual({
      statementId: 9,
      flags: 128,
      types: [
        { type: 3, unsigned: true },
        { type: 0xfd, unsigned: false },
      ],
      rows: [
        [
          { kind: 'value', value: Buffer.from(int(4, 7)) },
          { kind: 'value', value: Buffer.from('x') },
        ],
        [{ kind: 'null' }, { kind: 'default' }],
      ],
    });
  });

  it('takes the types of the execution before when it brings none', () => {
    const bare = Buffer.from([0xfa, ...int(4, 9), ...int(2, 0), ...ROWS]);
    const previousTypes = [
      { type: 3, unsigned: true },
      { type: 0xfd, unsigned: false },
    ];
    expect(decodeComStmtBulkExecute(bare, { numParams: 2, previousTypes }).rows).toHaveLength(2);
    expect(() => decodeComStmtBulkExecute(bare, { numParams: 2 })).toThrow(MalformedPacketError);
  });

  it('writes what it reads', () => {
    const writer = new BufferWriter();
    encodeComStmtBulkExecute(writer, decodeComStmtBulkExecute(WITH_TYPES, { numParams: 2 }));
    expect(writer.view()).toEqual(WITH_TYPES);
  });

  it('rejects a packet cut anywhere but between rows, unknown indicators and no parameters', () => {
    const betweenRows = WITH_TYPES.length - 2;
    for (let end = 0; end < WITH_TYPES.length; end += 1) {
      const cut = (): unknown => decodeComStmtBulkExecute(WITH_TYPES.subarray(0, end), { numParams: 2 });
      if (end === betweenRows || end === 7 + TYPES.length) expect(cut).not.toThrow();
      else expect(cut).toThrow(MalformedPacketError);
    }
    const unknown = Buffer.from(WITH_TYPES);
    unknown[betweenRows] = 4;
    expect(() => decodeComStmtBulkExecute(unknown, { numParams: 2 })).toThrow(MalformedPacketError);
    expect(() => decodeComStmtBulkExecute(WITH_TYPES, { numParams: 0 })).toThrow(MalformedPacketError);
  });

  it('reads no more values than memory is meant to hold', () => {
    const head = Buffer.from([0xfa, ...int(4, 9), ...int(2, 128), 3, 0]);
    const nulls = (count: number): Buffer => Buffer.concat([head, Buffer.alloc(count, 1)]);
    expect(decodeComStmtBulkExecute(nulls(MAX_BULK_VALUES), { numParams: 1 }).rows).toHaveLength(
      MAX_BULK_VALUES,
    );
    expect(() => decodeComStmtBulkExecute(nulls(MAX_BULK_VALUES + 1), { numParams: 1 })).toThrow(ProxyError);
  });
});
