import { expect, it } from 'vitest';
import { StatusFlag } from '../../../src/protocol/constants/status-flags.js';
import { withStatusFlag } from '../../../src/protocol/resultset/ok-packet.js';
import { eof, lenenc, ok } from '../../support/wire.js';

it.each([
  ['an OK', (status: number) => ok({ status, warnings: 3 })],
  [
    'an OK with large counts',
    (status: number) => ok({ status, affectedRows: 70_000, lastInsertId: 2 ** 24 }),
  ],
  [
    'an OK with session state',
    (status: number) => ok({ status: status | 0x4000, tail: [0, ...lenenc([1, 0])] }),
  ],
  ['an OK in EOF’s place', (status: number) => ok({ header: 0xfe, status })],
  ['an EOF', (status: number) => eof(status, 7)],
])('withStatusFlag sets the flag and nothing else: %s', (_, payload) => {
  const before = Buffer.from(payload(0x0003));
  const copy = Buffer.from(before);
  expect([...withStatusFlag(before, StatusFlag.SERVER_MORE_RESULTS_EXISTS)]).toEqual(payload(0x000b));
  expect(before).toEqual(copy);
  expect([...withStatusFlag(Buffer.from(payload(0x000b)), 8)]).toEqual(payload(0x000b));
});
