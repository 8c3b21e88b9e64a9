import type { SqlServerAddress } from '../servers/sql-server.js';

/*
 * The tables of both databases, each described once: the plain table is what the application believes, the physical
 * one what lies under the proxy. Values are chosen for what ciphertext or another tenant's rows would get wrong.
 */

export const TENANT = 't-one';
/** Whose rows lie beside those of the tenant, and are looked at in scripts that switch; its name is as long. */
export const OTHER_TENANT = 't-two';
/** `T-ONE` equals `t-one` in the tenant column's collation, and is another tenant. */
export const KEYS: Readonly<Record<string, string>> = {
  [TENANT]: 'the key of tenant one, longer than a block',
  'T-ONE': 'the key of the tenant in upper case',
  [OTHER_TENANT]: 'k2',
};
/** Default of the tenant column in protected tables; as long as the tenant, which is the plain tables' default. */
export const UNSET = 'unset';

export type Value = string | number | null | Buffer;

export interface DeclaredColumn {
  readonly name: string;
  /** Type and attributes of the plain table. */
  readonly plain: string;
  /** Absent: not protected, the same in both tables. */
  readonly sealed?: SealedColumn;
}

interface SealedColumn {
  /** Of the physical column. */
  readonly name: string;
  readonly physical: string;
  readonly binary: boolean;
  /** The entry in the proxy's configuration. */
  readonly config: Readonly<Record<string, string>>;
}

export interface DeclaredTable {
  readonly name: string;
  readonly columns: readonly DeclaredColumn[];
  /** Keys, `{column}` for a column's name in the table at hand. */
  readonly keys: string;
  readonly tenantColumn: string | null;
  /** For the contents to be compared. */
  readonly orderBy: string;
  /** Values of all columns that are not generated; the tenant column's says whose row it is. */
  readonly rows: readonly (readonly Value[])[];
}

function sealed(
  name: string,
  type: string,
  more: { physical?: string; collation?: string; equality?: 'exact'; attributes?: string } = {},
): DeclaredColumn {
  const binary = /binary|blob/.test(type);
  const declared = [type, ...(more.collation === undefined ? [] : [`COLLATE ${more.collation}`])].join(' ');
  return {
    name,
    plain: `${declared} ${more.attributes ?? ''}`,
    sealed: {
      name: more.physical ?? name,
      physical: `${type === 'text' ? 'mediumblob' : 'varbinary(1100)'} ${more.attributes ?? ''}`,
      binary,
      config: {
        type,
        column: more.physical ?? name,
        ...(more.collation === undefined ? {} : { collation: more.collation }),
        ...(more.equality === undefined ? {} : { equality: more.equality }),
      },
    },
  };
}

/** The declared collation that pads nothing and compares bytes. */
function noPadBinary(server: SqlServerAddress): string {
  return server.kind === 'mysql' ? 'utf8mb4_0900_bin' : 'utf8mb4_nopad_bin';
}

const tenantColumn = (collation = ''): DeclaredColumn => ({
  name: 'tenant_id',
  plain: `varchar(64) ${collation} NOT NULL DEFAULT '${TENANT}'`,
});

export function declaredTables(server: SqlServerAddress): readonly DeclaredTable[] {
  const exact = { collation: noPadBinary(server), equality: 'exact' } as const;
  return [
    {
      name: 'users',
      columns: [
        { name: 'id', plain: 'int NOT NULL AUTO_INCREMENT' },
        tenantColumn(),
        { name: 'username', plain: 'varchar(50) NOT NULL' },
        sealed('email', 'varchar(80)', { physical: 'encrypted_email' }),
        sealed('phone', 'varchar(32)', { physical: 'encrypted_phone', ...exact }),
        sealed('nick', 'varchar(20)', { collation: 'utf8mb4_bin' }),
        sealed('code', 'char(5)'),
        sealed('bio', 'text'),
        sealed('age', 'int', { physical: 'encrypted_age' }),
        sealed('level', 'tinyint'),
        sealed('score', 'bigint unsigned'),
        sealed('token', 'varbinary(16)'),
        { name: 'country', plain: 'char(2)' },
        { name: 'visits', plain: 'int NOT NULL DEFAULT 0' },
        { name: 'created_at', plain: 'datetime' },
        { name: 'doubled', plain: 'int GENERATED ALWAYS AS (visits * 2) VIRTUAL' },
      ],
      keys: 'PRIMARY KEY (tenant_id, id), KEY by_id (id), UNIQUE KEY by_name (tenant_id, username), KEY by_phone ({phone}), KEY by_age ({age})',
      tenantColumn: 'tenant_id',
      orderBy: 'id, username',
      rows: userRows(),
    },
    {
      name: 'accounts',
      columns: [
        tenantColumn('COLLATE utf8mb4_bin'),
        { name: 'id', plain: 'int NOT NULL' },
        { name: 'user_id', plain: 'int' },
        sealed('secret', 'varchar(40)'),
        sealed('email', 'varchar(255)', { physical: 'cipher_mail' }),
        sealed('phone', 'varchar(32)', exact),
        sealed('pin', 'int unsigned'),
        { name: 'balance', plain: 'decimal(10,2)' },
        { name: 'grp', plain: 'int' },
      ],
      keys: 'PRIMARY KEY (tenant_id, id), KEY by_user (user_id), KEY by_phone ({phone})',
      tenantColumn: 'tenant_id',
      orderBy: 'id',
      rows: accountRows(),
    },
    {
      name: 'vault',
      columns: [
        { name: 'id', plain: 'int NOT NULL AUTO_INCREMENT' },
        { name: 'label', plain: 'varchar(40)' },
        sealed('secret', 'varchar(60)'),
        sealed('pin', 'int', { equality: 'exact' }),
      ],
      keys: 'PRIMARY KEY (id), UNIQUE KEY by_label (label)',
      tenantColumn: null,
      orderBy: 'id',
      rows: [
        [1, 'first', 'anna', 1],
        [2, 'second', 'Anna', 22],
        [3, 'third', null, null],
        [4, 'fourth', '', -4],
        [5, null, 'zoë', 0],
      ],
    },
    {
      name: 'bookings',
      columns: [
        { name: 'id', plain: 'int NOT NULL AUTO_INCREMENT' },
        tenantColumn(),
        { name: 'label', plain: 'varchar(40)' },
        sealed('amount', 'decimal(10,2)', { physical: 'encrypted_amount' }),
        sealed('total', 'decimal(20,4) unsigned'),
        sealed('ratio', 'double'),
        sealed('born', 'date', { physical: 'encrypted_born' }),
        sealed('starts', 'datetime(3)'),
        sealed('ends', 'datetime'),
        sealed('active', 'boolean'),
      ],
      keys: 'PRIMARY KEY (tenant_id, id), KEY by_id (id), KEY by_amount ({amount}), KEY by_born (tenant_id, {born})',
      tenantColumn: 'tenant_id',
      orderBy: 'id, label',
      rows: bookingRows(),
    },
    {
      name: 'moments',
      columns: [
        { name: 'id', plain: 'int NOT NULL AUTO_INCREMENT' },
        tenantColumn(),
        { name: 'label', plain: 'varchar(40)' },
        sealed('seen', 'timestamp(3)', { attributes: 'NULL' }),
        sealed('logged', 'timestamp', { physical: 'encrypted_logged', attributes: 'NULL' }),
        { name: 'at', plain: 'timestamp(3) NULL' },
        sealed('opens', 'time(3)', { physical: 'encrypted_opens' }),
        sealed('closes', 'time'),
        { name: 'hour', plain: 'time' },
      ],
      keys: 'PRIMARY KEY (tenant_id, id), KEY by_id (id), KEY by_logged ({logged})',
      tenantColumn: 'tenant_id',
      orderBy: 'id, label',
      rows: momentRows(),
    },
    {
      name: 'Mixed Case',
      columns: [
        { name: 'Id', plain: 'int NOT NULL' },
        tenantColumn(),
        sealed('Full Name', 'varchar(80)', { physical: 'full_name_enc' }),
        { name: 'from', plain: 'varchar(20)' },
      ],
      keys: 'PRIMARY KEY (tenant_id, `Id`)',
      tenantColumn: 'tenant_id',
      orderBy: '`Id`',
      rows: [
        [1, TENANT, 'Ann', 'a'],
        [2, TENANT, null, 'b'],
        [3, 't-two', 'Other', 'c'],
        [4, TENANT, 'zoë', null],
      ],
    },
    {
      name: 'hidden',
      columns: [
        { name: 'id', plain: 'int NOT NULL' },
        tenantColumn(),
        sealed('visible', 'varchar(40)'),
        sealed('veiled', 'varchar(40)', { attributes: 'INVISIBLE' }),
        { name: 'n', plain: 'int INVISIBLE' },
      ],
      keys: 'PRIMARY KEY (tenant_id, id)',
      tenantColumn: 'tenant_id',
      orderBy: 'id',
      rows: [1, 2, 3, 4].map((id) => [id, id === 4 ? 't-two' : TENANT, `v${id}`, `s${id}`, id * 10]),
    },
    {
      name: 'orders',
      columns: [
        { name: 'id', plain: 'int NOT NULL AUTO_INCREMENT' },
        { name: 'user_id', plain: 'int' },
        { name: 'amount', plain: 'decimal(10,2) NOT NULL DEFAULT 0' },
        { name: 'contact', plain: 'varchar(80)' },
        { name: 'status', plain: 'varchar(20)' },
        { name: 'phone', plain: `varchar(32) COLLATE ${noPadBinary(server)}` },
      ],
      keys: 'PRIMARY KEY (id), KEY by_user (user_id)',
      tenantColumn: null,
      orderBy: 'id',
      rows: orderRows(),
    },
    {
      name: 'notes',
      columns: [
        { name: 'id', plain: 'int NOT NULL AUTO_INCREMENT' },
        { name: 'text', plain: 'varchar(200)' },
        { name: 'n', plain: 'int' },
      ],
      keys: 'PRIMARY KEY (id)',
      tenantColumn: null,
      orderBy: 'id',
      rows: [
        [1, 'anna@x.com', 1],
        [2, 'nobody', 2],
        [3, null, null],
      ],
    },
  ];
}

const NAMES = [
  'anna', 'Anna', 'ANNA', 'anna ', 'bob', 'Bob ', 'chloé', 'chloe\u0301', 'chloe', 'Çelik', 'müller', 'mueller', 'strasse', 'straße',
  '😀', '日本', "o'neil", 'a%b', 'a_b', 'back\\slash', 'zoe', 'Zoë', '', ' lead',
]; // biome-ignore format: a list
const AGES = [null, 0, 1, 7, 9, 10, 18, 29, 30, 30, 31, 42, 65, 99, 100, -1, -30, 2_147_483_647];
const SCORES = [null, '0', '5', '10', '9', '18446744073709551615', '9223372036854775808', '30'];
const PHONES = ['111', '222', '+1', '+1 ', '30', '', '444', null];
const TOKENS = [Buffer.from('tok1'), Buffer.from([0, 255]), Buffer.alloc(0), null, Buffer.from('TOK1')];

function pick<T>(from: readonly T[], index: number): T {
  return from[index % from.length] as T;
}

function userRows(): Value[][] {
  return Array.from({ length: 36 }, (_, index) => {
    const id = index + 1;
    const tenant = id <= 6 || id % 3 !== 0 ? TENANT : pick(['T-ONE', 't-two'], id);
    const name = pick(NAMES, id * 5);
    return [
      id,
      tenant,
      `${tenant === TENANT ? 'user' : 'other-'}${id}`,
      id % 8 === 3 ? null : `${name}@${pick(['x.com', 'y.org', 'Z.net'], id)}`,
      pick(PHONES, id * 3),
      id % 7 === 5 ? null : name.slice(0, 20),
      id % 9 === 4 ? null : pick(['aa', 'AA', 'bb', 'é', 'x', 'abcde'], id),
      id % 4 === 3 ? null : `about ${name}, ${'long '.repeat(id % 5)}`,
      pick(AGES, id * 7),
      id % 6 === 2 ? null : (id % 20) - 9,
      pick(SCORES, id * 3),
      pick(TOKENS, id),
      pick(['DE', 'fr', 'US', null], id),
      (id * 13) % 17,
      id % 10 === 9 ? null : `2025-0${1 + (id % 9)}-1${id % 9} 0${id % 9}:30:00`,
    ];
  });
}

function accountRows(): Value[][] {
  return Array.from({ length: 20 }, (_, index) => {
    const id = index + 1;
    return [
      id % 5 === 4 ? 't-two' : TENANT,
      id,
      id % 6 === 5 ? null : 1 + ((id * 2) % 24),
      id % 7 === 6 ? null : `s-${pick(NAMES, id)}`,
      id % 5 === 3 ? null : `${pick(NAMES, id * 5)}@x.com`,
      pick(PHONES, id),
      id % 4 === 2 ? null : id * 111,
      id % 6 === 1 ? null : `${id * 10}.50`,
      id % 3,
    ];
  });
}

function orderRows(): Value[][] {
  return Array.from({ length: 24 }, (_, index) => {
    const id = index + 1;
    return [
      id,
      id % 7 === 6 ? null : 1 + ((id * 5) % 30),
      `${(id * 37) % 100}.${10 + (id % 80)}`,
      id % 5 === 2 ? null : `${pick(NAMES, id * 3)}@x.com`,
      pick(['new', 'paid', 'PAID', 'void'], id),
      pick(PHONES, id * 5),
    ];
  });
}

const AMOUNTS = ['0.00', '12.50', '-3.00', '99999999.99', null, '9.99', '100.00', '-0.50', '12.50'];
const RATIOS = [0, 1.5, -2.25, 1e300, null, 0.1, 30, 12345678901234, 1.5];
const BIRTHDAYS = ['2000-01-31', '1999-12-31', '2024-02-29', null, '9999-12-31', '1000-01-01', '2000-01-31'];
const TIMES_OF_DAY = ['00:00:00.000', '10:30:00.500', '23:59:59.999', '10:30:00.000'];

function bookingRows(): Value[][] {
  return Array.from({ length: 18 }, (_, index) => {
    const id = index + 1;
    const day = pick(['2024-01-31', '2023-12-31', '2024-02-29'], id);
    return [
      id,
      id % 4 === 3 ? 't-two' : TENANT,
      `booking ${id}`,
      pick(AMOUNTS, id),
      id % 5 === 2 ? null : `${id * 1_000_000_007}.${1000 + id}`,
      pick(RATIOS, id),
      pick(BIRTHDAYS, id),
      id % 7 === 5 ? null : `${day} ${pick(TIMES_OF_DAY, id)}`,
      id % 6 === 1 ? null : `${day} 1${id % 10}:00:00`,
      id % 3 === 2 ? null : id % 2,
    ];
  });
}

function momentRows(): Value[][] {
  return Array.from({ length: 14 }, (_, index) => {
    const id = index + 1;
    const day = pick(['2024-01-31', '2023-12-31', '2024-02-29', '1970-01-02', '2038-01-18'], id);
    const seen = id % 6 === 5 ? null : `${day} ${pick(TIMES_OF_DAY, id)}`;
    return [
      id,
      id % 5 === 3 ? 't-two' : TENANT,
      id % 4 === 1 ? null : `moment ${id}`,
      seen,
      id % 5 === 1 ? null : `${day} 0${id % 10}:00:00`,
      seen,
      pick(['10:00:00.500', '09:00:00.000', null, '-838:59:59.000', '100:00:00.000', '00:00:00.000'], id),
      pick(['09:00:00', '23:30:00', '-01:00:00', null, '100:00:00'], id),
      pick(['09:00:00', null, '23:30:00'], id),
    ];
  });
}
