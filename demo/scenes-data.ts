// What the application sees beside what lies in the table.
import Table from 'cli-table3';
import type { RowDataPacket } from 'mysql2/promise';
import type { ApplicationReport } from './app/main.js';
import type { Claims } from './claims.js';
import { HAND_WRITTEN, PEOPLE } from './people.js';
import type { Person } from './run-application.js';
import { DATABASE, type Stage, TENANTS, type Tenant } from './setup.js';

export type Reports = Readonly<Record<Tenant, ApplicationReport>>;

interface StoredRow extends RowDataPacket {
  id: number;
  tenant_id: Tenant;
  username: string;
  encrypted_email: Buffer;
  encrypted_phone: Buffer;
}

/** What the application must see of a tenant: the row written by hand, then its own with the changed phone. */
function expected(tenant: Tenant): Person[] {
  return [
    HAND_WRITTEN[tenant],
    ...PEOPLE[tenant].map((person, place) =>
      place === 0 ? { ...person, phone: `${person.phone}-1` } : person,
    ),
  ];
}

function sameValues(actual: unknown, wanted: unknown): boolean {
  return JSON.stringify(actual) === JSON.stringify(wanted);
}

export function showApplicationView(claims: Claims, reports: Reports): void {
  claims.heading('What the application sees (TypeORM, plain columns, no key)');
  for (const tenant of TENANTS) {
    const { users, byEmail, byDomain, strangersRow, countBefore } = reports[tenant];
    const table = plainTable(['id', 'username', 'email', 'phone']);
    for (const user of users) table.push([user.id, user.username, user.email, user.phone]);
    console.log(`  ${tenant}\n${indent(table.toString())}`);
    const seen = users.map(({ username, email, phone }) => ({ username, email, phone }));
    claims.claim(`${tenant} sees its rows in clear, and no others`, sameValues(seen, expected(tenant)));
    claims.claim(
      `${tenant} finds a row by its e-mail address`,
      byEmail !== null && byEmail.username === PEOPLE[tenant][0]?.username,
    );
    const wanted = expected(tenant)
      .filter(({ email }) => email.endsWith('@example.com'))
      .map(({ username, email }) => ({ username, email }));
    const byName = (a: { username: string }, b: { username: string }): number =>
      a.username.localeCompare(b.username);
    claims.claim(
      `${tenant}: LIKE '%@example.com' on the encrypted column gives ${wanted.length} rows`,
      sameValues([...byDomain].sort(byName), [...wanted].sort(byName)),
    );
    claims.claim(`${tenant} gets nothing for the id of the other tenant's row`, strangersRow === null);
    claims.claim(`${tenant} counted one row before it wrote: its own`, countBefore === 1);
  }
}

export async function showTable(claims: Claims, stage: Stage): Promise<void> {
  claims.heading('What lies in the table (straight on the database)');
  const rows = await storedRows(stage);
  const table = plainTable(['id', 'tenant_id', 'username', 'HEX(encrypted_email)', 'HEX(encrypted_phone)']);
  for (const row of rows) {
    table.push([row.id, row.tenant_id, row.username, hex(row.encrypted_email), hex(row.encrypted_phone)]);
  }
  console.log(indent(table.toString()));
  const count = TENANTS.reduce((sum, tenant) => sum + expected(tenant).length, 0);
  claims.claim(`the table holds ${count} rows, each with its tenant`, rows.length === count);
  const stored = Buffer.concat(rows.flatMap((row) => [row.encrypted_email, row.encrypted_phone]));
  const plaintexts = TENANTS.flatMap((tenant) =>
    expected(tenant).flatMap(({ email, phone }) => [email, phone]),
  );
  claims.claim(
    'every value is whole cipher blocks, and no plaintext lies among them',
    stored.length > 0 &&
      rows.every((row) => row.encrypted_email.length % 16 === 0 && row.encrypted_phone.length % 16 === 0) &&
      plaintexts.every((text) => !stored.includes(text)),
  );
  const [one, two] = ['ada', 'ada2'].map(
    (name) => rows.find((row) => row.username === name)?.encrypted_email,
  );
  claims.claim(
    'one e-mail address at two tenants is two ciphertexts',
    one !== undefined && two !== undefined && !one.equals(two),
  );
}

export async function showDecryptionByHand(claims: Claims, stage: Stage, reports: Reports): Promise<void> {
  claims.heading("AES_DECRYPT(encrypted_email, '<the secret>') straight on the database");
  for (const tenant of TENANTS) {
    const sql =
      `SELECT id, CONVERT(AES_DECRYPT(encrypted_email, ?) USING utf8mb4) AS email, ` +
      `CONVERT(AES_DECRYPT(encrypted_phone, ?) USING utf8mb4) AS phone ` +
      `FROM ${DATABASE}.users WHERE tenant_id = ? ORDER BY id`;
    const secret = stage.secrets[tenant];
    const [rows] = await stage.root.query<RowDataPacket[]>(sql, [secret, secret, tenant]);
    const table = plainTable(['id', 'email', 'phone']);
    for (const row of rows) table.push([row['id'], row['email'], row['phone']]);
    console.log(`  ${tenant}, its secret\n${indent(table.toString())}`);
    const seen = reports[tenant].users.map(({ id, email, phone }) => ({ id, email, phone }));
    claims.claim(
      `${tenant}: what tenantcrypt wrote decrypts by hand to what the application sees`,
      rows.length > 0 && sameValues(rows, seen),
    );
  }
}

export function showHandWrittenRows(
  claims: Claims,
  reports: Reports,
  written: Readonly<Record<Tenant, Person>>,
): void {
  claims.heading('Rows that were written with AES_ENCRYPT by hand, read by the application');
  for (const tenant of TENANTS) {
    const { username, email } = written[tenant];
    const seen = reports[tenant].users.find((user) => user.username === username);
    console.log(`  ${tenant}: ${username} → ${seen?.email ?? '(nothing)'}`);
    claims.claim(`${tenant} reads the row written by hand`, seen?.email === email);
  }
}

export async function showOtherTenantsKey(claims: Claims, stage: Stage, reports: Reports): Promise<void> {
  claims.heading("tenant-001's key on tenant-002's rows");
  const [rows] = await stage.root.query<RowDataPacket[]>(
    `SELECT id, AES_DECRYPT(encrypted_email, ?) AS email, AES_DECRYPT(encrypted_phone, ?) AS phone
     FROM ${DATABASE}.users WHERE tenant_id = 'tenant-002' ORDER BY id`,
    [stage.secrets['tenant-001'], stage.secrets['tenant-001']],
  );
  const table = plainTable(['id', 'email', 'phone']);
  const shown = (value: unknown): string =>
    Buffer.isBuffer(value) ? `noise: ${value.toString('hex')}` : 'NULL';
  for (const row of rows) table.push([row['id'], shown(row['email']), shown(row['phone'])]);
  console.log(indent(table.toString()));
  // A wrong key passes the padding check once in about 256 times and then gives noise; never the plaintext.
  const found = rows.flatMap((row) => [row['email'], row['phone']]).filter((value) => Buffer.isBuffer(value));
  const plaintexts = reports['tenant-002'].users.flatMap(({ email, phone }) => [email, phone]);
  claims.claim(
    'it decrypts none of them',
    rows.length > 0 &&
      found.length < rows.length &&
      found.every((value) => !plaintexts.includes(value.toString('utf8'))),
  );
}

async function storedRows({ root }: Stage): Promise<StoredRow[]> {
  const [rows] = await root.query<StoredRow[]>(
    `SELECT id, tenant_id, username, encrypted_email, encrypted_phone FROM ${DATABASE}.users ORDER BY id`,
  );
  return rows;
}

function hex(value: Buffer): string {
  return value
    .toString('hex')
    .toUpperCase()
    .replace(/(.{32})(?=.)/g, '$1\n');
}

function plainTable(head: string[]): Table.Table {
  return new Table({ head, style: { head: [], border: [], compact: true } });
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
