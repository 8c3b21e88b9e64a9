import { beforeAll, expect, it } from 'vitest';
import type { RawPacket, RawSession } from '../support/raw-session.js';
import { forEachServer } from '../support/servers.js';
import { sessionStage } from '../support/session-stage.js';
import { int, lenencInt, text } from '../support/wire.js';

/*
 * Executions of prepared statements around 16 MiB, where a payload takes one more packet: what the client sends and
 * what the backend gets differ in length, and may differ in packets. The answer is numbered by what the client sent.
 */

const PACKET = 0xff_ffff;
const COM_STMT_PREPARE = 0x16;
const COM_STMT_EXECUTE = 0x17;
const COM_STMT_SEND_LONG_DATA = 0x18;

forEachServer((_name, getServer) => {
  const stage = sessionStage(getServer, { label: 'long', also: 'SET GLOBAL max_allowed_packet = 67108864' });
  beforeAll(async () => {
    const writer = await stage.raw('proxy');
    await writer.query("INSERT INTO users (username, email) VALUES ('ann', 'ann@x')");
    await stage.admin.query(
      "INSERT INTO plain_users (tenant_id, username, email) VALUES ('t1', 'ann', 'ann@x')",
    );
  });

  /** @returns its id */
  async function prepare(session: RawSession, sql: string): Promise<number> {
    session.send(0, [COM_STMT_PREPARE, ...text(sql)]);
    const { payload } = await session.packet();
    for (const count of [payload.readUInt16LE(5), payload.readUInt16LE(7)]) {
      for (let i = 0; count > 0 && i <= count; i += 1) await session.packet();
    }
    return payload.readUInt32LE(1);
  }

  /** COM_STMT_EXECUTE with strings. */
  function execution(id: number, values: readonly (Buffer | null)[]): Buffer {
    return Buffer.concat([
      Buffer.from([COM_STMT_EXECUTE, ...int(4, id), 0, ...int(4, 1), 0, 1]),
      ...values.map(() => Buffer.of(0xfd, 0)),
      ...values.flatMap((value) => (value === null ? [] : [Buffer.from(lenencInt(value.length)), value])),
    ]);
  }

  /** Sequence ids, lengths, beginnings and ends; without whether an index served. */
  const shown = (packets: readonly RawPacket[]): string[] =>
    packets.map(({ sequenceId, payload }) => {
      if (payload[0] === 0xfe && payload.length === 5) payload[3] = (payload[3] ?? 0) & ~0x20;
      const bytes = payload.toString('latin1').replaceAll('plain_users', 'users');
      if (bytes.startsWith('\x03def')) return `${sequenceId} definition`;
      return `${sequenceId} ${payload.length} ${JSON.stringify(bytes.slice(0, 80) + bytes.slice(-20))}`;
    });

  async function both(
    sql: (table: string) => string,
    work: (session: RawSession, id: number) => void,
  ): Promise<{ readonly proxied: string[]; readonly straight: string[] }> {
    const said = { proxied: [] as string[], straight: [] as string[] };
    for (const where of ['proxied', 'straight'] as const) {
      const isProxied = where === 'proxied';
      const session = await stage.raw(isProxied ? 'proxy' : 'straight');
      const id = await prepare(session, sql(isProxied ? 'users' : 'plain_users'));
      work(session, id);
      said[where] = shown(await session.response());
      // The session goes on, and is numbered anew.
      said[where].push(...shown(await session.query('SELECT 1')));
    }
    return said;
  }

  const email = Buffer.from('ann@x');

  it.each([-200, -30, -1, 0, 1])('%i bytes beyond one packet', async (beyond) => {
    const { proxied, straight } = await both(
      (table) => `SELECT LENGTH(?), username FROM ${table} WHERE email = ?`,
      (session, id) => {
        const value = Buffer.alloc(
          PACKET + beyond - execution(id, [Buffer.alloc(70_000), email]).length + 70_000,
          'x',
        );
        const command = execution(id, [value, email]);
        expect(command.length).toBe(PACKET + beyond);
        session.send(0, command);
      },
    );
    expect(proxied).toEqual(straight);
    expect(proxied.join()).toContain('ann');
  });

  it('long data, which is sent on with the execution', async () => {
    const { proxied, straight } = await both(
      (table) => `SELECT LENGTH(?), username FROM ${table} WHERE email = ?`,
      (session, id) => {
        const part = Buffer.alloc(5_000_000, 'x');
        const head = Buffer.from([COM_STMT_SEND_LONG_DATA, ...int(4, id), ...int(2, 0)]);
        for (let i = 0; i < 4; i += 1) session.send(0, Buffer.concat([head, part]));
        session.send(0, execution(id, [null, email]).fill(0, 10, 11));
      },
    );
    expect(proxied).toEqual(straight);
    // 20,000,000 as a binary integer.
    expect(proxied.join()).toContain(JSON.stringify('\0-1\x01').slice(1, -1));
  });

  it('rows of more than one packet', async () => {
    const { proxied, straight } = await both(
      (table) => `SELECT REPEAT('x', 17000000), ?, username FROM ${table} WHERE email = ?`,
      (session, id) => session.send(0, execution(id, [Buffer.from('y'), email])),
    );
    expect(proxied).toEqual(straight);
  });

  it('an error in the answer to several packets', async () => {
    const { proxied, straight } = await both(
      (table) => `UPDATE ${table} SET username = ? WHERE email = ? AND tenant_id = 't1'`,
      (session, id) => session.send(0, execution(id, [Buffer.alloc(PACKET + 10, 'x'), email])),
    );
    expect(proxied).toEqual(straight);
    expect(proxied[0]).toMatch(/^2 .*Data too long/);
  });

  it('a refusal, and a statement that is not there', async () => {
    const session = await stage.raw('proxy');
    const id = await prepare(session, 'INSERT INTO users (username, phone) VALUES (?, ?)');
    session.send(0, execution(id, [Buffer.alloc(PACKET + 10, 'x'), Buffer.from('y'.repeat(33))]));
    expect(shown(await session.response())[0]).toMatch(/^2 .*22001/);
    session.send(0, execution(id + 1000, [Buffer.alloc(PACKET + 10, 'x')]));
    expect(shown(await session.response())[0]).toMatch(/^2 .*Unknown prepared statement handler/);
    expect(shown(await session.query('SELECT 1')).at(-1)).toMatch(/^5 /);
  });
});
