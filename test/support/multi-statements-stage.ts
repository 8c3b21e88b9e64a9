import type { Connection, ConnectionOptions } from 'mysql2/promise';
import { beforeAll, beforeEach } from 'vitest';
import type { SqlServerAddress } from '../servers/sql-server.js';
import type { RawPacket, RawSession } from './raw-session.js';
import { type SessionStage, sessionStage } from './session-stage.js';

export interface MultiStatementsStage {
  readonly stage: SessionStage;
  /** @param flags of Flag, CLIENT_MULTI_STATEMENTS among them or not */
  raw(flags: number, straight?: boolean): Promise<RawSession>;
  /** mysql2 with multipleStatements, through the proxy. */
  client(options?: ConnectionOptions): Promise<Connection>;
}

/**
 * For the describe block that calls it: a session stage with `notes` and the procedure `two` beside the users, whose
 * tables are empty before each test; SET @tenant_id says the tenant.
 */
export function multiStatementsStage(getServer: () => SqlServerAddress): MultiStatementsStage {
  const stage = sessionStage(getServer, {
    label: 'multi',
    also: 'CREATE TABLE notes (id INT, text VARCHAR(50)); SET GLOBAL local_infile = 1',
    keys: { t1: 'key of t1', t2: 'key of t2' },
    protect: { tenantVariable: 'tenant_id' },
    calls: ['two'],
    proxy: { sources: [{ kind: 'userVariable', name: 'tenant_id' }], localInfile: true },
    client: { multipleStatements: true },
  });
  beforeAll(async () => {
    await stage.admin.query('CREATE PROCEDURE two() BEGIN SELECT 1 AS a; SELECT 2 AS b, 3 AS c; END');
  });
  beforeEach(async () => {
    await stage.admin.query('TRUNCATE users; TRUNCATE plain_users; TRUNCATE notes');
  });

  const raw = async (flags: number, straight = false): Promise<RawSession> =>
    await stage.raw(straight ? 'straight' : 'proxy', { flags });
  const client = async (options: ConnectionOptions = {}): Promise<Connection> =>
    await stage.client('proxy', options);

  return { stage, raw, client };
}

/**
 * Everything of a response but the names, which tell the protected table from the plain one, and whether an index
 * served (SERVER_QUERY_NO_INDEX_USED), which the tenant's predicate changes.
 */
export function shown(packets: readonly RawPacket[]): string[] {
  return packets.map(({ sequenceId, payload }) => {
    if (payload[0] === 0xfe) payload[3] = (payload[3] ?? 0) & ~0x20;
    const bytes = payload.toString('latin1').replaceAll('plain_users', 'users');
    return `${sequenceId} ${bytes.startsWith('\x03def') ? bytes.slice(0, 4) : JSON.stringify(bytes)}`;
  });
}
