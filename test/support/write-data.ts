import { foldKey } from '../../src/keys/fold-key.js';
import type { ColumnType } from '../../src/rewrite/column-type.js';
import type { ProtectedTable } from '../../src/rewrite/protected-table.js';

/* Tables, rows and keys of the write lab. */

/** The tenant whose session the lab is, and one whose rows must stay as they are. */
export const TENANT = 't1';
export const OTHER_TENANT = 't2';
/** Begins every username of the other tenant, and so any result that leaks its rows. */
export const CANARY = 'other-';
export const KEYS: Record<string, Buffer> = {
  [TENANT]: foldKey(Buffer.from('the secret of tenant one, longer than a block'), 16),
  [OTHER_TENANT]: foldKey(Buffer.from('k2'), 16),
};

export interface LabColumn {
  readonly name: string;
  readonly plain: string;
  /** Absent: not protected. */
  readonly type?: ColumnType;
  readonly physical?: string;
}

const string = (base: 'varchar' | 'char' | 'tinytext', length: number): ColumnType => ({
  kind: 'string',
  base,
  length,
  charset: 'utf8mb4',
  collation: undefined,
});
const integer = (base: 'tinyint' | 'int' | 'bigint', bits: 8 | 32 | 64, unsigned = false): ColumnType => ({
  kind: 'integer',
  base,
  bits,
  unsigned,
});
const binary = (base: 'varbinary' | 'binary', length: number): ColumnType => ({
  kind: 'binary',
  base,
  length,
});

export const COLUMNS: readonly LabColumn[] = [
  { name: 'id', plain: 'int NOT NULL AUTO_INCREMENT' },
  { name: 'tenant_id', plain: "varchar(64) NOT NULL DEFAULT ''" },
  { name: 'username', plain: 'varchar(100)' },
  { name: 'email', plain: 'varchar(50)', type: string('varchar', 50), physical: 'encrypted_email' },
  { name: 'phone', plain: 'varchar(10)', type: string('varchar', 10), physical: 'encrypted_phone' },
  { name: 'code', plain: 'char(5)', type: string('char', 5) },
  { name: 'bio', plain: 'tinytext', type: string('tinytext', 255) },
  { name: 'age', plain: 'tinyint', type: integer('tinyint', 8) },
  { name: 'score', plain: 'bigint unsigned', type: integer('bigint', 64, true) },
  { name: 'level', plain: 'int', type: integer('int', 32) },
  { name: 'token', plain: 'varbinary(8)', type: binary('varbinary', 8) },
  { name: 'pin', plain: 'binary(4)', type: binary('binary', 4) },
  { name: 'visits', plain: 'int NOT NULL DEFAULT 0' },
  { name: 'doubled', plain: 'int GENERATED ALWAYS AS (visits * 2) VIRTUAL' },
  { name: 'hidden', plain: 'varchar(20) INVISIBLE' },
];

export const ROWS = `(id, tenant_id, username, email, phone, code, bio, age, score, level, token, pin, visits) VALUES
 (1, 'T', 'ann', 'ann@x.com', '111', 'aa', 'first', 30, 1, 100, 'tok1', 'p1', 5),
 (2, 'T', 'bob', 'bob@x.com', '222', 'bb', NULL, 40, 2, 200, X'00ff', 'p2', 7),
 (3, 'T', 'cam', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0),
 (4, 'T', 'dee', 'ann@x.com', '444', 'dd', 'ünïcode 😀', -5, 18446744073709551615, -1, '', '', 1)`;

/** Keys of the two tables: `users` keeps tenants apart by every key, `shared` does not. */
export const TABLES: Readonly<Record<string, string>> = {
  users: 'PRIMARY KEY (tenant_id, id), KEY (id), UNIQUE KEY by_name (tenant_id, username)',
  shared: 'PRIMARY KEY (id), UNIQUE KEY by_name (username), KEY by_tenant (tenant_id)',
};

export function protectedTable(schema: string, table: string): ProtectedTable {
  return {
    schema,
    table,
    tenantColumn: 'tenant_id',
    columns: new Map(
      COLUMNS.flatMap(({ name, type, physical }) =>
        type === undefined
          ? []
          : [[name, { logical: name, physical: physical ?? name, type, equality: 'exact' }]],
      ),
    ),
  };
}
