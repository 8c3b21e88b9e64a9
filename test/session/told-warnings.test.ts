import { describe, expect, it } from 'vitest';
import { decodeOkPacket } from '../../src/protocol/resultset/ok-packet.js';
import type { StatementWarning } from '../../src/rewrite/declared-value.js';
import { withWarnings } from '../../src/session/told-warnings.js';
import { eof, lenenc, ok } from '../support/wire.js';

const CAPABILITIES = { flags: 0, mariadb: 0 };
const INFO = 'Rows matched: 3  Changed: 1  Warnings: 2';

function warning(times: 'once' | 'eachRow', level: 'Note' | 'Warning' = 'Warning'): StatementWarning {
  const message = "Data truncated for column 'phone' at row 1";
  return { level, errno: 1265, message, reports: { times, columns: ['phone'] } };
}

describe('the end of a result with the warnings of its values', () => {
  it('counts each of a VALUES list', () => {
    const end = withWarnings(
      Buffer.from(ok()),
      [warning('once'), warning('once')],
      { notes: true },
      CAPABILITIES,
    );
    expect(decodeOkPacket(end.payload, CAPABILITIES).warnings).toBe(2);
    expect(end.told).toHaveLength(2);
  });

  it('counts one of an UPDATE for each row that it matches', () => {
    const payload = Buffer.from(ok({ warnings: 2, tail: lenenc(INFO) }));
    const end = withWarnings(payload, [warning('eachRow')], { notes: true }, CAPABILITIES);
    const { warnings, info } = decodeOkPacket(end.payload, CAPABILITIES);
    expect([warnings, info.toString()]).toEqual([5, INFO.replace('Warnings: 2', 'Warnings: 5')]);
    expect(end.told.map(({ message }) => message.slice(-8))).toEqual(['at row 1', 'at row 2', 'at row 3']);
  });

  it('counts none of an UPDATE that says nothing of rows', () => {
    const end = withWarnings(Buffer.from(ok()), [warning('eachRow')], { notes: true }, CAPABILITIES);
    expect(end.told).toEqual([]);
    expect(decodeOkPacket(end.payload, CAPABILITIES).warnings).toBe(0);
  });

  it('lists so many as a server keeps, and counts all', () => {
    const payload = Buffer.from(ok({ tail: lenenc('Rows matched: 5000  Changed: 0  Warnings: 0') }));
    const end = withWarnings(payload, [warning('eachRow')], { notes: true }, CAPABILITIES);
    expect(end.told).toHaveLength(1024);
    expect(decodeOkPacket(end.payload, CAPABILITIES).warnings).toBe(5000);
  });

  it('leaves notes out where the session keeps none', () => {
    const end = withWarnings(
      Buffer.from(ok()),
      [warning('once', 'Note'), warning('once')],
      { notes: false },
      CAPABILITIES,
    );
    expect(end.told.map(({ level }) => level)).toEqual(['Warning']);
  });

  it('is an EOF behind rows', () => {
    const { payload } = withWarnings(
      Buffer.from(eof(2, 1)),
      [warning('once')],
      { notes: true },
      CAPABILITIES,
    );
    expect([payload.readUInt16LE(1), payload.readUInt16LE(3)]).toEqual([2, 2]);
  });
});
