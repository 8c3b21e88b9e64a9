import { RawSession } from '../raw-session.js';
import { int, lenenc, text } from '../wire.js';
import type { Shape, Tools } from './shapes.js';

/* Prepared statements of the binary protocol and of SQL, as clients write through them. */

const COM_STMT_PREPARE = 0x16;
const COM_STMT_EXECUTE = 0x17;
const COM_STMT_SEND_LONG_DATA = 0x18;
const COM_STMT_BULK_EXECUTE = 0xfa;
const VAR_STRING = 0xfd;
const BLOB = 0xfc;
/** MariaDB: a flag of COM_STMT_BULK_EXECUTE. */
const SEND_TYPES = 128;
/** MariaDB's extended capability MARIADB_CLIENT_STMT_BULK_OPERATIONS. */
const BULK_OPERATIONS = 4;

let count = 0;
const name = (): string => `binary${++count}`;

/** A tenant's session of a client that speaks the protocol by hand. */
async function open({ kind, port, database }: Tools, mariadbFlags = 0): Promise<RawSession> {
  const options = { port, user: 'raw', database, mariadbFlags };
  const session = await RawSession.open({ kind }, options);
  await session.query("SET @tenant_id = 'tenant-001'");
  return session;
}

async function prepare(session: RawSession, sql: string): Promise<number[]> {
  const ok = await session.command([COM_STMT_PREPARE, ...text(sql)]);
  if (ok[0] !== 0) throw new Error(ok.toString('latin1'));
  const parameters = ok.readUInt16LE(7);
  for (let i = 0; parameters > 0 && i <= parameters; i += 1) await session.packet();
  return [...ok.subarray(1, 5)];
}

async function answered(session: RawSession): Promise<void> {
  const [first] = await session.response();
  session.destroy();
  if (first?.payload[0] === 0xff) throw new Error(first.payload.toString('latin1'));
}

const execute =
  (sql: string, values: (canary: () => string, id: number) => unknown[]) =>
  async ({ client, canary, row }: Tools): Promise<unknown> =>
    await client.execute(sql, values(canary, await row()) as string[]);

export const CLIENT_SHAPES: readonly Shape[] = [
  {
    name: 'prepared INSERT',
    evaluated: 'constants',
    run: execute('INSERT INTO users (username, email, phone, token, nick) VALUES (?, ?, ?, ?, ?)', (c) => [
      name(),
      c(),
      c(),
      Buffer.from(c()),
      c(),
    ]),
  },
  {
    name: 'prepared INSERT of several rows',
    evaluated: 'constants',
    run: execute('INSERT INTO users (username, email) VALUES (?, ?), (?, ?), (?, ?)', (c) => [
      name(),
      c(),
      name(),
      c(),
      name(),
      c(),
    ]),
  },
  {
    name: 'prepared INSERT with literals in its text',
    evaluated: 'constants',
    run: async ({ client, canary }) =>
      await client.execute(`INSERT INTO users (username, email, phone) VALUES (?, '${canary()}', ?)`, [
        name(),
        canary(),
      ]),
  },
  {
    name: 'prepared UPDATE',
    evaluated: 'constants',
    run: execute('UPDATE users SET email = ?, bio = ? WHERE id = ?', (c, id) => [c(), c(), id]),
  },
  {
    name: 'prepared UPDATE by equality',
    evaluated: 'constants',
    leaves: 'nothing',
    run: execute('UPDATE users SET phone = ? WHERE email = ?', (c) => [c(), c()]),
  },
  {
    name: 'prepared upsert',
    evaluated: 'constants',
    run: execute(
      'INSERT INTO users (id, username, email) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE email = VALUES(email), phone = ?',
      (c, id) => [id, name(), c(), c()],
    ),
  },
  {
    name: 'prepared UPDATE with CASE and functions',
    evaluated: 'server',
    run: execute(
      'UPDATE users SET email = CASE id WHEN ? THEN CONCAT(?, ?) ELSE email END WHERE id = ?',
      (c, id) => [id, c(), '!', id],
    ),
  },
  {
    name: 'long data',
    evaluated: 'constants',
    run: async (tools) => {
      const session = await open(tools);
      const id = await prepare(session, 'INSERT INTO users (username, bio) VALUES (?, ?)');
      for (const part of [`${tools.canary()} `, 'x'.repeat(5_000), ` ${tools.canary()}`]) {
        session.send(0, [COM_STMT_SEND_LONG_DATA, ...id, ...int(2, 1), ...text(part)]);
      }
      const types = [VAR_STRING, 0, BLOB, 0];
      session.send(0, [COM_STMT_EXECUTE, ...id, 0, ...int(4, 1), 0, 1, ...types, ...lenenc(name())]);
      await answered(session);
    },
  },
  {
    name: 'bulk execution',
    evaluated: 'constants',
    only: 'mariadb',
    notInStatements: true,
    run: async (tools) => {
      const session = await open(tools, BULK_OPERATIONS);
      const id = await prepare(session, 'INSERT INTO users (username, email) VALUES (?, ?)');
      const rows = Array.from({ length: 20 }, () => [
        0,
        ...lenenc(name()),
        0,
        ...lenenc(tools.canary()),
      ]).flat();
      const types = [VAR_STRING, 0, VAR_STRING, 0];
      session.send(0, [COM_STMT_BULK_EXECUTE, ...id, ...int(2, SEND_TYPES), ...types, ...rows]);
      await answered(session);
    },
  },
  {
    name: 'PREPARE with literals',
    evaluated: 'constants',
    run: async ({ client, canary }) => {
      const insert = `INSERT INTO users (username, email) VALUES (''${name()}'', ''${canary()}'')`;
      await client.query(`PREPARE s FROM '${insert}'; EXECUTE s; DEALLOCATE PREPARE s`);
    },
  },
  {
    name: 'EXECUTE USING variables',
    evaluated: 'server',
    run: async ({ client, canary }) =>
      await client.query(
        `PREPARE s FROM 'INSERT INTO users (username, email) VALUES (?, ?)'; SET @n = '${name()}', @e = '${canary()}'; EXECUTE s USING @n, @e; DEALLOCATE PREPARE s`,
      ),
  },
  {
    name: 'EXECUTE IMMEDIATE',
    evaluated: 'constants',
    only: 'mariadb',
    run: async ({ client, canary }) =>
      await client.query(
        `EXECUTE IMMEDIATE 'INSERT INTO users (username, email) VALUES (''${name()}'', ''${canary()}'')'`,
      ),
  },
  {
    name: 'a user variable',
    evaluated: 'server',
    run: async ({ client, canary }) =>
      await client.query(
        `SET @e = '${canary()}'; INSERT INTO users (username, email) VALUES ('${name()}', @e)`,
      ),
  },
];
