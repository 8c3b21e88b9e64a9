import type { ColumnType } from '../../src/rewrite/column-type.js';
import type { ProtectedColumn, ProtectedTable } from '../../src/rewrite/protected-table.js';
import type { SqlServerAddress } from '../servers/sql-server.js';

/*
 * The data of the differential read tests: two protected tables with every declared type, and plain ones beside
 * them. Values are chosen for what ciphertext or another tenant's rows would get wrong: case variants, trailing
 * spaces, composed and decomposed letters, emoji, NULL, the empty string, numbers that differ as text.
 */

export const TENANT = 't1';
/** `T1` equals `t1` in the tenant column's collation, and is another tenant. */
export const TENANTS: Readonly<Record<string, string>> = {
  t1: 'key of tenant one, longer than a block',
  T1: 'key of the tenant in upper case',
  t2: 'k2',
};

type Kind = 'mysql' | 'mariadb';

interface ColumnSpec {
  readonly name: string;
  readonly physical: string;
  /** Declared type in DDL of the plain table. */
  readonly plain: string;
  readonly type: ColumnType;
  readonly equality: 'exact' | 'collation';
}

function text(
  base: 'varchar' | 'char' | 'text',
  length: number,
  collation?: string,
  charset = 'utf8mb4',
): ColumnType {
  return { kind: 'string', base, length, charset, collation };
}

/** The declared collation that pads nothing and compares bytes. */
export function noPadBinary(kind: Kind): string {
  return kind === 'mysql' ? 'utf8mb4_0900_bin' : 'utf8mb4_nopad_bin';
}

function userColumns(kind: Kind): readonly ColumnSpec[] {
  const bin = noPadBinary(kind);
  const columns: ColumnSpec[] = [
    {
      name: 'email',
      physical: 'encrypted_email',
      plain: 'varchar(255)',
      type: text('varchar', 255),
      equality: 'collation',
    },
    {
      name: 'phone',
      physical: 'encrypted_phone',
      plain: `varchar(32) COLLATE ${bin}`,
      type: text('varchar', 32, bin),
      equality: 'exact',
    },
    {
      name: 'nick',
      physical: 'nick',
      plain: 'varchar(50) COLLATE utf8mb4_bin',
      type: text('varchar', 50, 'utf8mb4_bin'),
      equality: 'collation',
    },
    {
      name: 'title',
      physical: 'title',
      plain: 'varchar(60) COLLATE utf8mb4_unicode_ci',
      type: text('varchar', 60, 'utf8mb4_unicode_ci'),
      equality: 'collation',
    },
    {
      name: 'age',
      physical: 'encrypted_age',
      plain: 'int',
      type: { kind: 'integer', base: 'int', bits: 32, unsigned: false },
      equality: 'exact',
    },
    {
      name: 'score',
      physical: 'score',
      plain: 'bigint unsigned',
      type: { kind: 'integer', base: 'bigint', bits: 64, unsigned: true },
      equality: 'exact',
    },
    {
      name: 'token',
      physical: 'token',
      plain: 'varbinary(32)',
      type: { kind: 'binary', base: 'varbinary', length: 32 },
      equality: 'exact',
    },
    { name: 'bio', physical: 'bio', plain: 'text', type: text('text', 65_535), equality: 'collation' },
  ];
  if (kind === 'mysql') {
    columns.push({
      name: 'label',
      physical: 'label',
      plain: 'varchar(50) COLLATE utf8mb4_0900_as_cs',
      type: text('varchar', 50, 'utf8mb4_0900_as_cs'),
      equality: 'collation',
    });
  }
  return columns;
}

function accountColumns(kind: Kind): readonly ColumnSpec[] {
  return [
    {
      name: 'secret',
      physical: 'secret',
      plain: 'varchar(40)',
      type: text('varchar', 40),
      equality: 'collation',
    },
    {
      name: 'email',
      physical: 'cipher_mail',
      plain: 'varchar(255)',
      type: text('varchar', 255),
      equality: 'collation',
    },
    {
      name: 'phone',
      physical: 'phone',
      plain: `varchar(32) COLLATE ${noPadBinary(kind)}`,
      type: text('varchar', 32, noPadBinary(kind)),
      equality: 'exact',
    },
  ];
}

function protectedTable(schema: string, table: string, columns: readonly ColumnSpec[]): ProtectedTable {
  return {
    schema,
    table,
    tenantColumn: 'tenant_id',
    columns: new Map<string, ProtectedColumn>(
      columns.map(({ name, physical, type, equality }) => [
        name,
        { logical: name, physical, type, equality },
      ]),
    ),
  };
}

export function protectedTables(kind: Kind, schema: string): readonly ProtectedTable[] {
  return [
    protectedTable(schema, 'users', userColumns(kind)),
    protectedTable(schema, 'accounts', accountColumns(kind)),
    {
      schema,
      table: 'Mixed Case',
      tenantColumn: 'Tenant',
      columns: new Map([
        [
          'Full Name',
          {
            logical: 'Full Name',
            physical: 'full_name_enc',
            type: text('varchar', 80),
            equality: 'collation',
          },
        ],
      ]),
    },
    {
      schema,
      table: 'hidden',
      tenantColumn: 'tenant_id',
      columns: new Map([
        [
          'visible',
          { logical: 'visible', physical: 'visible', type: text('varchar', 40), equality: 'collation' },
        ],
        [
          'veiled',
          { logical: 'veiled', physical: 'veiled', type: text('varchar', 40), equality: 'collation' },
        ],
      ]),
    },
  ];
}

const NAMES = [
  'anna', 'Anna', 'ANNA', 'anna ', 'bob', 'Bob ', 'chloé', 'chloe\u0301', 'chloe', 'Çelik', 'müller', 'mueller', 'strasse', 'straße',
  '😀', '😀😀', '日本', "o'neil", 'a%b', 'a_b', 'back\\slash', 'zoe', 'Zoë', '', ' lead', 'x'.repeat(40),
]; // biome-ignore format: a list

const AGES = [
  null,
  0,
  1,
  7,
  9,
  10,
  18,
  29,
  30,
  30,
  31,
  42,
  65,
  99,
  100,
  -1,
  -30,
  2_147_483_647,
  -2_147_483_648,
];
const SCORES = [null, '0', '5', '10', '9', '18446744073709551615', '9223372036854775808', '30'];

/** A small generator with a fixed seed: the same rows in every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export type Value = string | number | null | Buffer;

export interface TableData {
  readonly name: string;
  /** DDL body of the plain table, with all tenants' rows. */
  readonly plainDdl: string;
  readonly physicalDdl: string;
  readonly columns: readonly string[];
  /** By column name: SQL that gives the ciphertext from the plain column. */
  readonly stored: ReadonlyMap<string, { readonly physical: string; readonly sql: string }>;
  readonly tenantColumn: string | null;
  readonly rows: readonly (readonly Value[])[];
}

function storedMap(columns: readonly ColumnSpec[]): TableData['stored'] {
  return new Map(
    columns.map(({ name, physical, type }) => [
      name,
      { physical, sql: type.kind === 'binary' ? `\`${name}\`` : `CONVERT(\`${name}\` USING utf8mb4)` },
    ]),
  );
}

export function tableData(server: SqlServerAddress): readonly TableData[] {
  const { kind } = server;
  const random = randomNumbers(20_260_101);
  const pick = <T>(from: readonly T[]): T => from[random(from.length)]!;
  const users = userColumns(kind);
  const tenants = Object.keys(TENANTS);
  const userRows: Value[][] = [];
  for (let id = 1; id <= 300; id++) {
    const tenant = id <= 60 || id % 3 !== 0 ? TENANT : tenants[1 + random(2)]!;
    const name = pick(NAMES);
    const row: Value[] = [id, tenant, `user${random(120)}`];
    for (const { name: column } of users) {
      if (random(9) === 0) row.push(null);
      else if (column === 'age') row.push(pick(AGES));
      else if (column === 'score') row.push(pick(SCORES));
      else if (column === 'token') row.push(Buffer.from([random(3), random(256), 0xff].slice(0, random(4))));
      else if (column === 'email') row.push(`${name}@${pick(['X.com', 'x.com', 'y.org'])}`);
      else if (column === 'phone') row.push(pick(['+1', '+1 ', '+49 30', '030', '30', `+${random(9)}`]));
      else if (column === 'bio') row.push(`${name} ${'lorem '.repeat(random(4))}`);
      else row.push(pick(NAMES));
    }
    row.push(pick(['de', 'es', 'fr', 'us']), `2024-0${1 + random(9)}-1${random(10)} 0${random(10)}:00:00`);
    userRows.push(row);
  }
  const accountRows: Value[][] = [];
  let account = 0;
  for (const tenant of tenants) {
    for (let id = 1; id <= 70; id++) {
      account++;
      accountRows.push([
        tenant, id, random(4) === 0 ? null : 1 + random(300), pick(NAMES),
        random(6) === 0 ? null : `${pick(NAMES)}@x.com`,
        random(6) === 0 ? null : pick(['+1', '+1 ', '+49 30', '30']), account % 7,
      ]); // biome-ignore format: a row
    }
  }
  const orderRows: Value[][] = [];
  for (let id = 1; id <= 200; id++) {
    orderRows.push([
      id, random(12) === 0 ? null : 1 + random(330), random(10_000) / 100,
      `${pick(NAMES)}@x.com`, pick(['new', 'paid', 'sent', null]), pick(['+1', '30', null]),
    ]); // biome-ignore format: a row
  }
  const ddl = (specs: readonly ColumnSpec[]): string =>
    specs.map((c) => `\`${c.name}\` ${c.plain}`).join(', ');
  const physical = (specs: readonly ColumnSpec[]): string =>
    specs.map((c) => `\`${c.physical}\` ${c.name === 'bio' ? 'blob' : 'varbinary(1100)'}`).join(', ');
  const tail =
    'country char(2), created_at datetime, PRIMARY KEY (id), KEY t (tenant_id, id), KEY u (username)';
  return [
    {
      name: 'users',
      plainDdl: `id int NOT NULL, tenant_id varchar(64) NOT NULL, username varchar(100) NOT NULL, ${ddl(users)}, ${tail}, KEY p (phone), KEY a (age), KEY e (email)`,
      physicalDdl: `id int NOT NULL, tenant_id varchar(64) NOT NULL, username varchar(100) NOT NULL, ${physical(users)}, ${tail}, KEY p (encrypted_phone(64)), KEY a (encrypted_age(64)), KEY e (encrypted_email(64))`,
      columns: ['id', 'tenant_id', 'username', ...users.map((c) => c.name), 'country', 'created_at'],
      stored: storedMap(users),
      tenantColumn: 'tenant_id',
      rows: userRows,
    },
    {
      name: 'accounts',
      plainDdl: `tenant_id varchar(64) COLLATE utf8mb4_bin NOT NULL, id int NOT NULL, user_id int, ${ddl(accountColumns(kind))}, grp int, PRIMARY KEY (tenant_id, id), KEY p (phone)`,
      physicalDdl: `tenant_id varchar(64) COLLATE utf8mb4_bin NOT NULL, id int NOT NULL, user_id int, ${physical(accountColumns(kind))}, grp int, PRIMARY KEY (tenant_id, id), KEY p (phone(64))`,
      columns: ['tenant_id', 'id', 'user_id', 'secret', 'email', 'phone', 'grp'],
      stored: storedMap(accountColumns(kind)),
      tenantColumn: 'tenant_id',
      rows: accountRows,
    },
    {
      name: 'Mixed Case',
      plainDdl: '`Id` int NOT NULL PRIMARY KEY, `Tenant` int NOT NULL, `Full Name` varchar(80)',
      physicalDdl: '`Id` int NOT NULL PRIMARY KEY, `Tenant` int NOT NULL, full_name_enc varbinary(400)',
      columns: ['Id', 'Tenant', 'Full Name'],
      stored: new Map([
        ['Full Name', { physical: 'full_name_enc', sql: 'CONVERT(`Full Name` USING utf8mb4)' }],
      ]),
      tenantColumn: null,
      rows: [],
    },
    {
      name: 'hidden',
      plainDdl:
        'id int NOT NULL PRIMARY KEY, tenant_id varchar(64) NOT NULL, visible varchar(40), veiled varchar(40) INVISIBLE, n int INVISIBLE',
      physicalDdl:
        'id int NOT NULL PRIMARY KEY, tenant_id varchar(64) NOT NULL, visible varbinary(300), veiled varbinary(300) INVISIBLE, n int INVISIBLE',
      columns: ['id', 'tenant_id', 'visible', 'veiled', 'n'],
      stored: new Map([
        ['visible', { physical: 'visible', sql: 'CONVERT(visible USING utf8mb4)' }],
        ['veiled', { physical: 'veiled', sql: 'CONVERT(veiled USING utf8mb4)' }],
      ]),
      tenantColumn: 'tenant_id',
      rows: [1, 2, 3, 4].map((id) => [id, id === 4 ? 't2' : TENANT, `v${id}`, `s${id}`, id * 10]),
    },
    {
      name: 'orders',
      plainDdl:
        'id int NOT NULL PRIMARY KEY, user_id int, amount decimal(10,2) NOT NULL, contact varchar(255), status varchar(20), phone varchar(32), KEY u (user_id)',
      physicalDdl:
        'id int NOT NULL PRIMARY KEY, user_id int, amount decimal(10,2) NOT NULL, contact varchar(255), status varchar(20), phone varchar(32), KEY u (user_id)',
      columns: ['id', 'user_id', 'amount', 'contact', 'status', 'phone'],
      stored: new Map(),
      tenantColumn: null,
      rows: orderRows,
    },
  ];
}
