import type { ResultSetHeader } from 'mysql2/promise';
import type { Person } from './run-application.js';
import { DATABASE, type Stage, TENANTS, type Tenant } from './setup.js';

/** What the application stores for each tenant. */
export const PEOPLE: Readonly<Record<Tenant, readonly Person[]>> = {
  'tenant-001': [
    { username: 'ada', email: 'ada.lovelace@example.com', phone: '+44 20 7946 0001' },
    { username: 'grace', email: 'grace.hopper@example.org', phone: '+1 202 555 0143' },
    { username: 'zoë', email: 'zoë.müller@example.com', phone: '+49 30 23125 001' },
  ],
  'tenant-002': [
    { username: 'alan', email: 'alan.turing@example.com', phone: '+44 161 496 0002' },
    // The same address as at the other tenant: another ciphertext.
    { username: 'ada2', email: 'ada.lovelace@example.com', phone: '+44 20 7946 0002' },
  ],
};

/** What an older application wrote with AES_ENCRYPT in its own SQL. */
export const HAND_WRITTEN: Readonly<Record<Tenant, Person>> = {
  'tenant-001': { username: 'old-1', email: 'written.by.hand@example.net', phone: '+1 202 555 0101' },
  'tenant-002': { username: 'old-2', email: 'also.by.hand@example.net', phone: '+1 202 555 0102' },
};

/** @returns the id of each tenant's row */
export async function writeByHand({ root, secrets }: Stage): Promise<Record<Tenant, number>> {
  const ids = { 'tenant-001': 0, 'tenant-002': 0 };
  for (const tenant of TENANTS) {
    const { username, email, phone } = HAND_WRITTEN[tenant];
    const [result] = await root.query<ResultSetHeader>(
      `INSERT INTO ${DATABASE}.users (tenant_id, username, encrypted_email, encrypted_phone)
       VALUES (?, ?, AES_ENCRYPT(?, ?), AES_ENCRYPT(?, ?))`,
      [tenant, username, email, secrets[tenant], phone, secrets[tenant]],
    );
    ids[tenant] = result.insertId;
  }
  return ids;
}
