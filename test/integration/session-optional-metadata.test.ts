import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestProxy, type TestProxy } from '../support/proxy.js';
import { Flag, type RawSession } from '../support/raw-session.js';
import { sharedServers } from '../support/servers.js';
import { int, lenenc, text } from '../support/wire.js';

/*
 * CLIENT_OPTIONAL_RESULTSET_METADATA, which MySQL has: the same packets straight and through the proxy, without
 * definitions (SET resultset_metadata = NONE) and with.
 */

const OPTIONAL = 0x200_0000;
const COM_STMT_PREPARE = 0x16;
const COM_STMT_EXECUTE = 0x17;
const COM_STMT_FETCH = 0x1c;
const CURSOR_TYPE_READ_ONLY = 1;
const VAR_STRING = 0xfd;

const mysql = sharedServers().find(({ kind }) => kind === 'mysql');

// Where MySQL can't be had the run's setup has said so.
describe.runIf(mysql !== undefined)('optional metadata', () => {
  let proxy: TestProxy;

  beforeAll(async () => {
    if (mysql === undefined) return;
    proxy = await startTestProxy(mysql, { label: 'opt', sources: [{ fixed: 'tenant-001' }] });
    await proxy.admin.query("CREATE USER IF NOT EXISTS raw@'%'");
    await proxy.admin.query("GRANT ALL ON *.* TO raw@'%'");
    const client = await proxy.connect(null);
    await client.query(
      "INSERT INTO users (username, email, phone) VALUES ('ann', 'ann@x', '1'), ('ben', NULL, '2')",
    );
    await proxy.admin.query(
      "INSERT INTO plain_users (tenant_id, username, email, phone) VALUES ('tenant-001', 'ann', 'ann@x', '1'), ('tenant-001', 'ben', NULL, '2')",
    );
  });
  afterAll(async () => {
    await proxy?.stop();
  });

  async function take(session: RawSession, count: number): Promise<Buffer[]> {
    const packets: Buffer[] = [];
    for (let i = 0; i < count; i += 1) {
      const { payload, sequenceId } = await session.packet();
      expect(sequenceId).toBe(i + 1);
      packets.push(payload);
    }
    return packets;
  }

  /** What a session answers to a query, a prepared statement, its execution and a cursor over `table`. */
  async function answers(port: number, flags: number, mode: string, table: string): Promise<string[]> {
    const session = await proxy.raw({ user: 'raw', port, flags: flags | OPTIONAL });
    const hasEof = (flags & Flag.deprecateEof) === 0 ? 1 : 0;
    const definitions = mode === 'FULL' ? 1 : 0;
    session.sendQuery(`SET resultset_metadata = ${mode}`);
    await take(session, 1);
    const sql = `SELECT username, email FROM ${table} WHERE phone <> `;
    session.sendQuery(`${sql}'3' ORDER BY id`);
    const found = await take(session, 1 + 2 * definitions + hasEof + 2 + 1);
    session.send(0, [COM_STMT_PREPARE, ...text(`${sql}? ORDER BY id`)]);
    const prepared = await take(session, 1 + 3 * definitions + 2 * hasEof);
    const id = [...(prepared[0] ?? Buffer.alloc(5)).subarray(1, 5)];
    // The id differs, and so does nothing else.
    prepared[0]?.fill(0, 1, 5);
    const execute = (cursor: number): number[] => [
      COM_STMT_EXECUTE,
      ...id,
      cursor,
      ...int(4, 1),
      0,
      1,
      VAR_STRING,
      0,
      ...lenenc('3'),
    ];
    session.send(0, execute(0));
    const executed = await take(session, 1 + 2 * definitions + hasEof + 2 + 1);
    session.send(0, execute(CURSOR_TYPE_READ_ONLY));
    const opened = await take(session, 1 + 2 * definitions + 1);
    session.send(0, [COM_STMT_FETCH, ...id, ...int(4, 1)]);
    const fetched = await take(session, 2);
    session.sendQuery('SELECT 7');
    const last = await take(session, 1 + definitions + hasEof + 1 + 1);
    return [...found, ...prepared, ...executed, ...opened, ...fetched, ...last].map((payload) =>
      payload.toString('latin1'),
    );
  }

  describe.each([
    ['with EOF', 0],
    ['without EOF', Flag.deprecateEof],
  ])('%s', (_name, flags) => {
    it('is left out where the client says so, on protected tables too', async () => {
      const straight = await answers(proxy.server.port, flags, 'NONE', 'plain_users');
      expect(await answers(proxy.port, flags, 'NONE', 'plain_users')).toEqual(straight);
      expect(await answers(proxy.port, flags, 'NONE', 'users')).toEqual(straight);
    });

    it('comes as declared where the client wants it', async () => {
      const straight = await answers(proxy.server.port, flags, 'FULL', 'plain_users');
      expect(await answers(proxy.port, flags, 'FULL', 'plain_users')).toEqual(straight);
      const restored = await answers(proxy.port, flags, 'FULL', 'users');
      expect(restored).toHaveLength(straight.length);
      const declared = '\x05users\x05users\x05email\x05email';
      const asDeclared = restored.filter((payload) => payload.includes(declared));
      // Of the query, of COM_STMT_PREPARE, of the execution and of the cursor.
      expect(asDeclared).toHaveLength(4);
      // Character set and length behind the names are those of a plain VARCHAR(255).
      const tail = (payload: string): string => payload.slice(payload.indexOf('email\x05email') + 11, -5);
      const plain = straight.find((payload) => payload.includes('email\x05email')) ?? '';
      expect(asDeclared.map((payload) => tail(payload).slice(0, 8))).toEqual(
        Array.from({ length: 4 }, () => tail(plain).slice(0, 8)),
      );
    });
  });
});
