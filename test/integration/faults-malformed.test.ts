import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Conversation, recordConversation } from '../support/conversation.js';
import { FaultStage } from '../support/fault-stage.js';
import type { PassingPacket } from '../support/packet-forwarder.js';
import { packetsOf, sayBytes } from '../support/said-bytes.js';
import { forEachServer } from '../support/servers.js';
import { column, eof, err, int, lenenc, nul, ok, packet, row, text } from '../support/wire.js';

const LAST = [0xff, 0xff, 0xff, 0xff];

const ER_NET_PACKETS_OUT_OF_ORDER = 1156;
const ER_MALFORMED_PACKET = 1835;
const ER_NET_PACKET_TOO_LARGE = 1153;

/** What a client sends after its login, and the number of the ERR with which the session ends. */
const FROM_CLIENT: readonly (readonly [what: string, bytes: readonly number[], errno: number | null])[] = [
  ['a command out of sequence', packet(5, [3, ...text('SELECT 1')]), ER_NET_PACKETS_OUT_OF_ORDER],
  ['HTTP', text('GET / HTTP/1.1\r\n\r\n'), ER_NET_PACKETS_OUT_OF_ORDER],
  [
    'a second packet of a command that is out of sequence',
    [...int(3, 0xff_ffff), 0, 3, ...new Array<number>(0xff_fffe).fill(0x20), ...packet(7, text('SELECT 1'))],
    ER_NET_PACKETS_OUT_OF_ORDER,
  ],
  ['a COM_STMT_EXECUTE without an id', packet(0, [0x17, 1]), ER_MALFORMED_PACKET],
  ['a COM_STMT_SEND_LONG_DATA without an id', packet(0, [0x18, 1]), ER_MALFORMED_PACKET],
  ['a COM_STMT_CLOSE without an id', packet(0, [0x19]), ER_MALFORMED_PACKET],
  ['a COM_STMT_RESET without an id', packet(0, [0x1a, 1, 2, 3]), ER_MALFORMED_PACKET],
  ['a COM_STMT_FETCH without an id', packet(0, [0x1c]), ER_MALFORMED_PACKET],
  ['a COM_FIELD_LIST without NUL', packet(0, [4, 0x75]), ER_MALFORMED_PACKET],
  ['a COM_CHANGE_USER that is cut', packet(0, [0x11, ...nul('u'), 50, 1]), ER_MALFORMED_PACKET],
  [
    'a COM_CHANGE_USER whose attributes run over',
    packet(0, [0x11, ...nul('u'), 0, ...nul(''), 45, 0, ...nul('p'), 0xfe, ...int(8, 2n ** 60n)]),
    ER_MALFORMED_PACKET,
  ],
  [
    'a statement longer than limits.statementBytes',
    [...int(3, 0xff_ffff), 0, ...new Array<number>(0xff_ffff).fill(0x20), ...int(3, 0xff_ffff), 1],
    ER_NET_PACKET_TOO_LARGE,
  ],
];

/** COM_STMT_PREPARE on a protected table, and executions that can't be read. */
const PREPARE = packet(0, [0x16, ...text('SELECT email FROM users WHERE email = ? AND id > ?')]);
const EXECUTE = [0x17, ...LAST, 0, ...int(4, 1)];
const EXECUTIONS: readonly (readonly [what: string, payload: readonly number[]])[] = [
  ['nothing', EXECUTE],
  ['a null bitmap alone', [...EXECUTE, 0]],
  ['no types at first', [...EXECUTE, 0, 0, 1, 0x41, ...int(4, 1)]],
  ['types that are cut', [...EXECUTE, 0, 1, 0xfd, 0, 3]],
  ['a string longer than the packet', [...EXECUTE, 0, 1, 0xfd, 0, 3, 0, 0xfe, ...int(8, 2n ** 63n)]],
  ['a type that there is not', [...EXECUTE, 0, 1, 0x77, 0, 3, 0, 1, ...int(4, 1)]],
  ['a date of 200 bytes', [...EXECUTE, 0, 1, 0x0c, 0, 3, 0, 200, 1, ...int(4, 1)]],
  ['bytes behind the values', [...EXECUTE, 0, 1, 0xfd, 0, 3, 0, 1, 0x41, ...int(4, 1), 9, 9]],
];

type Damage = (packet: PassingPacket) => readonly number[] | Buffer | null;
const inPlaceOf =
  (ordinal: number, payload: readonly number[], sequenceId?: number): Damage =>
  (passing) =>
    passing.direction === 'toClient' && passing.ordinal === ordinal
      ? packet(sequenceId ?? passing.bytes[3] ?? 0, payload)
      : null;

/** What a backend says in place of its greeting (0) and of its answer to the login (1). */
const AT_LOGIN: readonly (readonly [what: string, damage: Damage])[] = [
  ['a greeting of protocol 9', inPlaceOf(0, [9, ...nul('3.20'), ...int(4, 1), ...nul('12345678')])],
  ['a greeting that is cut', inPlaceOf(0, [10, ...nul('9.7.4'), 1, 0])],
  [
    'a greeting without CLIENT_PROTOCOL_41',
    inPlaceOf(0, [10, ...nul('4'), ...int(4, 1), ...int(8, 1), 0, 0, 0, 45, ...int(30, 0)]),
  ],
  ['an empty greeting', inPlaceOf(0, [])],
  ['an ERR that is cut in place of a greeting', inPlaceOf(0, [0xff])],
  [
    'a greeting out of sequence',
    ({ direction, ordinal, payload }) =>
      direction === 'toClient' && ordinal === 0 ? packet(3, [...payload]) : null,
  ],
  [
    'a length of 16 MiB in place of a greeting',
    ({ direction, ordinal }) =>
      direction === 'toClient' && ordinal === 0 ? [0xff, 0xff, 0xff, 0, 10] : null,
  ],
  ['an empty answer to the login', inPlaceOf(1, [])],
  ['an OK of one byte', inPlaceOf(1, [0])],
  ['an OK whose counts run over', inPlaceOf(1, [0, 0xfe, 1])],
  [
    'an OK whose session state runs over',
    inPlaceOf(1, [0, 0, 0, ...int(2, 0x4002), 0, 0, 0, 0xfc, 0xff, 0xff, 1]),
  ],
  [
    'an answer out of sequence',
    ({ direction, ordinal, payload }) =>
      direction === 'toClient' && ordinal === 1 ? packet(9, [...payload]) : null,
  ],
  ['an AuthSwitchRequest without an end', inPlaceOf(1, [0xfe, ...text('mysql_native_password')])],
  ['an AuthSwitchRequest to a plugin with no data', inPlaceOf(1, [0xfe, ...nul('mysql_native_password')])],
  ['a second greeting', inPlaceOf(1, [10, ...nul('9.7.4'), ...int(30, 7)])],
];

const PROTECTED = 'SELECT email, id FROM users /* asked */';
const PLAIN = 'SELECT 1 /* asked */';

const answer =
  (
    index: number,
    payload: readonly number[] | ((payload: Buffer) => readonly number[]),
    sequenceId?: number,
  ): Damage =>
  (passing) => {
    if (passing.direction !== 'toClient' || passing.index !== index) return null;
    if (!passing.command.includes('asked')) return null;
    const bytes = typeof payload === 'function' ? payload(passing.payload) : payload;
    return packet(sequenceId ?? passing.bytes[3] ?? 0, bytes);
  };
const COUNT_2_60 = [0xfe, ...int(8, 2n ** 60n)];

/** What a backend says in a response, and whether the session has to end for it. */
const IN_RESPONSES: readonly (readonly [what: string, sql: string, damage: Damage, ends: boolean])[] = [
  ['2^60 columns', PROTECTED, answer(0, COUNT_2_60), true],
  ['2^60 columns of no protected table', PLAIN, answer(0, COUNT_2_60), true],
  ['a column count that is cut', PLAIN, answer(0, [0xfc, 1]), true],
  ['a column count with more behind it', PLAIN, answer(0, [1, 2, 3, 4]), true],
  ['65,535 columns that do not come', PROTECTED, answer(0, [0xfc, 0xff, 0xff]), true],
  ['an empty packet', PLAIN, answer(0, []), true],
  ['an OK of one byte', PLAIN, answer(0, [0]), true],
  ['an OK of a protected table that is cut', PROTECTED, answer(0, [0, 0, 0, 2]), true],
  [
    'an OK whose state runs over',
    PROTECTED,
    answer(0, ok({ status: 0x4002, tail: [0, ...lenenc([0, 0xfc, 0xff])] })),
    true,
  ],
  ['an EOF in place of a result', PLAIN, answer(0, eof()), true],
  ['an ERR of one byte', PROTECTED, answer(0, [0xff]), true],
  ['an ERR in place of a definition', PROTECTED, answer(1, err(1234, '42000', 'asked')), true],
  ['a row in place of a definition', PROTECTED, answer(1, row('a', 'b')), true],
  ['a definition that is cut', PROTECTED, answer(1, (payload) => [...payload.subarray(0, 20)]), true],
  [
    'a definition whose name is 2^63 bytes long',
    PROTECTED,
    answer(1, [3, ...text('def'), 0xfe, ...int(8, 2n ** 63n)]),
    true,
  ],
  ['an empty definition', PROTECTED, answer(1, []), true],
  ['another definition in place of the rows', PROTECTED, answer(1, column('email')), false],
  ['an end of three bytes', PLAIN, answer(2, [0xfe, 0, 0]), true],
  ['a request for a file in place of a result', PLAIN, answer(0, [0xfb, ...text('/etc/passwd')]), true],
  [
    'a result and one OK too many',
    PLAIN,
    ({ direction, index, command, bytes }) =>
      direction === 'toClient' && index === 0 && command.includes('asked')
        ? [...packet(1, ok()), ...bytes]
        : null,
    true,
  ],
];

forEachServer((_name, getServer) => {
  // Registered first, and so run when all that the test has done is over.
  afterEach(async () => {
    const next = await connect();
    const [rows] = await next.query<RowDataPacket[]>('SELECT COUNT(email) AS n FROM users');
    expect(rows).toEqual([{ n: 0 }]);
    await next.end();
  });
  const fault = new FaultStage(getServer, {
    label: 'malformed',
    client: { connectTimeout: 3_000 },
    proxy: {
      limits: { statementBytes: 0xff_ffff + 1000 },
      relay: { limits: { authSeconds: 2 } },
    },
  });
  const { stage } = fault;
  let conversation: Conversation;
  beforeAll(async () => {
    const { proxy, user, database } = stage;
    conversation = await recordConversation(proxy.port, { user, database }, async () => undefined);
  });

  const connect = async (): Promise<Connection> => await stage.client('proxy');

  /** Says it after a login. @returns the ERR numbers among the answers, and whether the session was ended */
  async function answerTo(bytes: readonly number[]): Promise<{ errno: number | null; wasClosed: boolean }> {
    const chunks = [...conversation.login, Buffer.from(bytes)];
    const { received, wasClosed } = await sayBytes(stage.proxy.port, { chunks, quietMs: 1_500 });
    const last = packetsOf(received).at(-1);
    const errno = last !== undefined && last.payload[0] === 0xff ? last.payload.readUInt16LE(1) : null;
    return { errno, wasClosed };
  }

  describe('the client sends', () => {
    it.each(FROM_CLIENT)('%s: the session ends with an ERR', async (_what, bytes, errno) => {
      expect(await answerTo(bytes)).toEqual({ errno, wasClosed: true });
    });

    it.each(EXECUTIONS)('an execution on a protected table with %s', async (_what, payload) => {
      expect(await answerTo([...PREPARE, ...packet(0, payload)])).toEqual({
        errno: ER_MALFORMED_PACKET,
        wasClosed: true,
      });
    });
  });

  describe('the backend sends', () => {
    it.each(AT_LOGIN)('%s: the login fails', async (_what, damage) => {
      fault.forwarder.inspect = (passing) => {
        const instead = damage(passing);
        return instead === null ? 'pass' : { instead: Buffer.from(instead) };
      };
      await expect(connect()).rejects.toThrow();
    });

    it.each(IN_RESPONSES)('%s', async (_what, sql, damage, ends) => {
      const connection = await connect();
      let isDamaged = false;
      fault.forwarder.inspect = (passing) => {
        const instead = damage(passing);
        if (instead === null) return 'pass';
        isDamaged = true;
        return { instead: Buffer.from(instead) };
      };
      const outcome = connection.query({ sql, timeout: 500 }).then(
        () => 'answered',
        () => 'failed',
      );
      const result = await Promise.race([outcome, delay(2_000, 'hangs')]);
      expect(isDamaged).toBe(true);
      if (ends) expect(result).toBe('failed');
      connection.destroy();
    });
  });
});
