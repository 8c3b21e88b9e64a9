import { randomBytes } from 'node:crypto';
import { AgentError, type AgentProcess, type ConnectionJob, type Value } from './agent-process.js';
import type { TenantSource } from './catalogue.js';
import { expectEqual, type Feature } from './cells.js';
import { OTHER_TENANT, TENANT } from './stage.js';

const INSERT = 'INSERT INTO people (name, email, note, photo, age) VALUES (?, ?, ?, ?, ?)';
const SELECT = 'SELECT name, email, note, photo, age FROM people WHERE name = ?';

/** 1 MiB of what breaks escaping: quotes, backslashes, line ends and characters of two and four bytes. */
export const BIG_TEXT = `0123'4"5\\6\n7é8😀9${'x'.repeat(7)}\r`.repeat(37_450).slice(0, 900_000);
const BIG_BYTES = randomBytes(1_048_576);
const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

const bytes = (value: Buffer): Value => ({ b64: value.toString('base64') });

/** One way of using a client, through one proxy, with the rows that it writes. */
export interface Attempt {
  readonly agent: AgentProcess;
  /** without attributes and tenant */
  readonly job: Omit<ConnectionJob, 'attributes'>;
  /** null where there is no proxy */
  readonly tenant: TenantSource | null;
  /** starts the names of its rows */
  readonly prefix: string;
}

/** Opens a connection of a tenant in the client's own way. @returns the client's version */
export async function open(attempt: Attempt, conn: string, tenant = TENANT): Promise<string> {
  const { agent, job } = attempt;
  const version = await agent.open(conn, {
    ...job,
    user: attempt.tenant === 'suffix' ? `${job.user}%${tenant}` : job.user,
    attributes: attempt.tenant === 'attribute' ? { tenant_id: tenant } : {},
  });
  if (attempt.tenant === 'variable') await agent.exec(conn, `SET @tenant_id = '${tenant}'`);
  return version;
}

/** The error that a statement gives. @throws Error when it gives none, or the client program broke */
async function errorOf(work: Promise<unknown>): Promise<AgentError> {
  const outcome: unknown = await work.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  if (outcome instanceof AgentError) return outcome;
  throw outcome;
}

/** Everything that is tried of a client after `connect`; connection `a` is open. */
export const CASES: readonly { feature: Feature; run: (attempt: Attempt) => Promise<void> }[] = [
  { feature: 'CRUD', run: crud },
  { feature: 'NULL', run: nulls },
  { feature: 'emoji', run: emoji },
  { feature: '1 MiB', run: big },
  { feature: 'transaction', run: transaction },
  { feature: 'errors', run: errors },
  { feature: 'refusal', run: refusal },
  { feature: 'tenants', run: tenants },
  { feature: 'batch', run: batch },
  { feature: 'stream', run: stream },
  { feature: 'reconnect', run: reconnect },
];

async function crud({ agent, prefix }: Attempt): Promise<void> {
  const name = `${prefix}crud`;
  const photo = bytes(ALL_BYTES);
  const note = `it's "quoted" \\ and\nbroken; -- not a comment /* nor this */ é`;
  const created = await agent.exec('a', INSERT, [name, 'crud@example.com', note, photo, 41]);
  expectEqual('rows inserted', created.affected, 1);
  const [[id] = []] = await agent.query('a', 'SELECT id FROM people WHERE name = ?', [name]);
  expectEqual('the generated id', created.insertId, id);
  const row = [name, 'crud@example.com', note, photo, 41];
  expectEqual('the row', await agent.query('a', SELECT, [name]), [row]);
  expectEqual('the row, a second time', await agent.query('a', SELECT, [name]), [row]);
  expectEqual(
    'by a protected value',
    await agent.query('a', 'SELECT name, age FROM people WHERE email = ? AND name = ?', [
      'crud@example.com',
      name,
    ]),
    [[name, 41]],
  );
  expectEqual(
    'by an expression over one',
    await agent.query('a', 'SELECT name FROM people WHERE age > ? AND email LIKE ? AND name = ?', [
      40,
      'crud@%',
      name,
    ]),
    [[name]],
  );
  const update = 'UPDATE people SET email = ?, age = ?, photo = ? WHERE name = ? AND email = ?';
  const changed = await agent.exec('a', update, ['new@example.com', -7, null, name, 'crud@example.com']);
  expectEqual('rows updated', changed.affected, 1);
  expectEqual('the row after', await agent.query('a', SELECT, [name]), [
    [name, 'new@example.com', note, null, -7],
  ]);
  const upsert =
    'INSERT INTO people (name, email) VALUES (?, ?) ON DUPLICATE KEY UPDATE email = VALUES(email), age = 8';
  await agent.exec('a', upsert, [name, 'upsert@example.com']);
  expectEqual(
    'the row upserted',
    await agent.query('a', 'SELECT email, age FROM people WHERE name = ?', [name]),
    [['upsert@example.com', 8]],
  );
  const removed = await agent.exec('a', 'DELETE FROM people WHERE email = ? AND name = ?', [
    'upsert@example.com',
    name,
  ]);
  expectEqual('rows deleted', removed.affected, 1);
  expectEqual('no row left', await agent.query('a', SELECT, [name]), []);
  await agent.exec('a', INSERT, [`${prefix}kept`, `${prefix}kept@example.com`, note, photo, 41]);
}

async function nulls({ agent, prefix }: Attempt): Promise<void> {
  const name = `${prefix}null`;
  await agent.exec('a', INSERT, [name, null, null, null, null]);
  expectEqual('NULLs', await agent.query('a', SELECT, [name]), [[name, null, null, null, null]]);
  expectEqual(
    'IS NULL',
    await agent.query('a', 'SELECT name FROM people WHERE email IS NULL AND age IS NULL AND name = ?', [
      name,
    ]),
    [[name]],
  );
  expectEqual(
    'without parameters',
    await agent.query('a', 'SELECT COUNT(*) > 0 FROM people WHERE email IS NULL'),
    [[1]],
  );
  await agent.exec('a', 'UPDATE people SET email = ?, note = ? WHERE name = ?', ['', '', name]);
  expectEqual('empty is not NULL', await agent.query('a', SELECT, [name]), [[name, '', '', null, null]]);
  // A statement's parameter may change its type from one execution to the next.
  await agent.exec('a', 'UPDATE people SET email = ?, note = ? WHERE name = ?', [null, 'x', name]);
  expectEqual('NULL again', await agent.query('a', SELECT, [name]), [[name, null, 'x', null, null]]);
}

async function emoji({ agent, prefix }: Attempt): Promise<void> {
  const name = `${prefix}🚀`;
  const email = '👩‍👩‍👧‍👦@例え.jp 😀';
  await agent.exec('a', INSERT, [name, email, '🇩🇪🏳️‍🌈', null, 1]);
  expectEqual('the row', await agent.query('a', SELECT, [name]), [[name, email, '🇩🇪🏳️‍🌈', null, 1]]);
  expectEqual(
    'found by emoji',
    await agent.query(
      'a',
      'SELECT CHAR_LENGTH(email) FROM people WHERE email = ? AND note LIKE ? AND name = ?',
      [email, '%🏳️‍🌈', name],
    ),
    [[[...email].length]],
  );
}

async function big({ agent, prefix }: Attempt): Promise<void> {
  const name = `${prefix}big`;
  await agent.exec('a', INSERT, [name, 'big@example.com', BIG_TEXT, bytes(BIG_BYTES), 2]);
  const [row] = await agent.query('a', SELECT, [name]);
  if (row?.[2] !== BIG_TEXT)
    throw new Error(`1 MiB of text came back as ${JSON.stringify(row?.[2])?.slice(0, 200)}`);
  if (JSON.stringify(row[3]) !== JSON.stringify(bytes(BIG_BYTES)))
    throw new Error('1 MiB of bytes came back different');
  expectEqual(
    'lengths',
    await agent.query('a', 'SELECT LENGTH(note), LENGTH(photo) FROM people WHERE name = ?', [name]),
    [[Buffer.byteLength(BIG_TEXT), BIG_BYTES.length]],
  );
}

async function transaction({ agent, prefix }: Attempt): Promise<void> {
  const name = `${prefix}tx`;
  const count = async (): Promise<unknown> =>
    await agent.query('a', 'SELECT COUNT(*) FROM people WHERE email = ? AND name = ?', [
      'tx@example.com',
      name,
    ]);
  await agent.control('a', 'begin');
  await agent.exec('a', INSERT, [name, 'tx@example.com', null, null, 1]);
  expectEqual('seen inside', await count(), [[1]]);
  await agent.control('a', 'rollback');
  expectEqual('gone after rollback', await count(), [[0]]);
  await agent.control('a', 'begin');
  await agent.exec('a', INSERT, [name, 'tx@example.com', null, null, 1]);
  await agent.exec('a', 'UPDATE people SET email = CONCAT(?, email), age = ? WHERE name = ?', [
    'to-',
    6,
    name,
  ]);
  await agent.control('a', 'commit');
  expectEqual(
    'kept after commit',
    await agent.query('a', 'SELECT email, age FROM people WHERE name = ?', [name]),
    [['to-tx@example.com', 6]],
  );
}

async function errors({ agent, prefix }: Attempt): Promise<void> {
  const name = `${prefix}dup`;
  await agent.exec('a', INSERT, [name, 'dup@example.com', null, null, 1]);
  const duplicate = await errorOf(agent.exec('a', INSERT, [name, 'dup@example.com', null, null, 1]));
  expectEqual('duplicate key', [duplicate.errno, duplicate.sqlState], [1062, '23000']);
  const unknown = await errorOf(agent.query('a', 'SELECT nothing FROM people WHERE name = ?', [name]));
  expectEqual('unknown column', unknown.errno, 1054);
  expectEqual(
    'the connection goes on',
    await agent.query('a', 'SELECT age FROM people WHERE name = ?', [name]),
    [[1]],
  );
}

async function refusal({ agent, prefix }: Attempt): Promise<void> {
  const refused = await errorOf(agent.exec('a', 'CREATE TABLE stolen AS SELECT email FROM people'));
  if (!/tenantcrypt\[TC_[A-Z_]+\]: /.test(refused.message))
    throw new Error(`no error of the proxy: ${refused.message}`);
  const tenant = await errorOf(
    agent.exec('a', 'INSERT INTO people (tenant_id, name) VALUES (?, ?)', [OTHER_TENANT, `${prefix}foreign`]),
  );
  if (!/tenantcrypt\[TC_[A-Z_]+\]: /.test(tenant.message))
    throw new Error(`no error of the proxy: ${tenant.message}`);
  expectEqual('the connection goes on', await agent.query('a', 'SELECT 1 + 1'), [[2]]);
}

async function tenants(attempt: Attempt): Promise<void> {
  const { agent, prefix } = attempt;
  await open(attempt, 'b', OTHER_TENANT);
  const count = 'SELECT COUNT(*) FROM people WHERE name LIKE ?';
  expectEqual('rows of the other tenant', await agent.query('b', count, [`${prefix}%`]), [[0]]);
  await agent.exec('b', INSERT, [`${prefix}crud`, 'other@example.com', null, null, 3]);
  expectEqual(
    'not seen',
    await agent.query('a', 'SELECT name FROM people WHERE email = ?', ['other@example.com']),
    [],
  );
  expectEqual(
    'nor deleted',
    (await agent.exec('a', 'DELETE FROM people WHERE name = ?', [`${prefix}crud`])).affected,
    0,
  );
  expectEqual(
    'its own',
    await agent.query('b', 'SELECT email FROM people WHERE name = ?', [`${prefix}crud`]),
    [['other@example.com']],
  );
  await agent.control('b', 'close');
}

const BATCH = 200;

async function batch({ agent, prefix }: Attempt): Promise<void> {
  const sets = Array.from({ length: BATCH }, (_, i): Value[] => [
    `${prefix}batch${String(i).padStart(3, '0')}`,
    i % 7 === 0 ? null : `b'${i}\\😀@example.com`,
    i,
  ]);
  await agent.batch('a', 'INSERT INTO people (name, email, age) VALUES (?, ?, ?)', sets);
  const rows = await agent.query('a', 'SELECT name, email, age FROM people WHERE name LIKE ? ORDER BY name', [
    `${prefix}batch%`,
  ]);
  expectEqual('the rows', rows, sets);
}

/** Of the rows that `batch` wrote. */
async function stream({ agent, prefix }: Attempt): Promise<void> {
  const sql = 'SELECT email, age FROM people WHERE name LIKE ? ORDER BY age';
  const rows = await agent.stream('a', sql, [`${prefix}batch%`]);
  expectEqual('number of rows', rows.length, BATCH);
  expectEqual('the last row', rows.at(-1), [`b'${BATCH - 1}\\😀@example.com`, BATCH - 1]);
  expectEqual('the connection goes on', await agent.query('a', 'SELECT 1 + 1'), [[2]]);
}

async function reconnect(attempt: Attempt): Promise<void> {
  const { agent, prefix } = attempt;
  await open(attempt, 'c');
  const [[id] = []] = await agent.query('c', 'SELECT CONNECTION_ID()');
  await agent.exec('a', `KILL ${Number(id)}`);
  const lost = await errorOf(agent.query('c', 'SELECT 1 + 1'));
  if (/tenantcrypt\[TC_INTERNAL/.test(lost.message)) throw lost;
  await agent.control('c', 'close').catch(() => undefined);
  await open(attempt, 'c');
  expectEqual(
    'the row again',
    await agent.query('c', 'SELECT email FROM people WHERE name = ?', [`${prefix}kept`]),
    [[`${prefix}kept@example.com`]],
  );
  await agent.control('c', 'close');
}
