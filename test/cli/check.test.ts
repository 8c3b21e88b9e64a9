import { describe, expect, it } from 'vitest';
import { checkBackend } from '../../src/cli/check/backend.js';
import { checkConfiguration } from '../../src/cli/check/configuration.js';
import { checkDependents } from '../../src/cli/check/dependents.js';
import { type Finding, formatFinding } from '../../src/cli/check/finding.js';
import { checkKeys } from '../../src/cli/check/keys.js';
import { checkServerSettings } from '../../src/cli/check/server-settings.js';
import { checkTables } from '../../src/cli/check/tables.js';
import type { LiveSchema } from '../../src/cli/live-schema.js';
import { parseColumnType } from '../../src/config/column-type.js';
import type { Config } from '../../src/config/config.js';
import { parseConfig } from '../../src/config/load-config.js';
import { ProxyError } from '../../src/errors.js';
import { type KeyProvider, TenantKey } from '../../src/keys/key-provider.js';
import { parseSqlMode } from '../../src/rewrite/dialect.js';
import { ciphertextLength, fittingType, longestPlaintext } from '../../src/rewrite/physical-type.js';
import { catalogOfSchemaFile } from '../../src/rewrite/schema-file/catalog-of-schema-file.js';
import { readSchemaFile } from '../../src/rewrite/schema-file/schema-file.js';

const STRICT = 'STRICT_TRANS_TABLES';

function configOf(column: string, extra = ''): Config {
  const text = `
backend: { host: 127.0.0.1 }
tenant: { sources: [ { userVariable: tenant_id } ] }
keys: { provider: file, file: keys.yaml }
tables:
  app.users:
    tenantColumn: tenant_id
    columns: { email: ${column} }
${extra}`;
  return parseConfig(text, { env: {}, file: 'c.yaml' });
}

function live(config: Config, ddl: string, sqlMode = STRICT): LiveSchema {
  const server = { kind: 'mysql', version: 90_704 } as const;
  const dialect = {
    server,
    sqlMode: parseSqlMode(''),
    characterSetClient: 'utf8mb4',
    lowerCaseTableNames: 0,
  } as const;
  const file = readSchemaFile(Buffer.from(ddl), { dialect, database: 'app', isWanted: () => true });
  expect(file.problems).toEqual([]);
  const catalog = catalogOfSchemaFile(file, [...config.tables.values()], 0, []);
  return { server, sqlMode, lowerCaseTableNames: 0, catalog, missing: new Map() };
}

const GOOD_TENANT = 'tenant_id varchar(64) COLLATE utf8mb4_bin NOT NULL';
const GOOD_KEYS = 'PRIMARY KEY (tenant_id, id)';
const EMAIL = '{ column: encrypted_email, type: varchar(255) }';

function table(physical: string, keys = GOOD_KEYS, tenant = GOOD_TENANT): string {
  return `CREATE TABLE users (id bigint NOT NULL AUTO_INCREMENT, ${tenant}, ${physical}, ${keys})`;
}

function lines(findings: readonly Finding[]): string[] {
  return findings.map(({ level, subject, message }) => `${level} ${subject}: ${message}`);
}

describe('check: tables', () => {
  it('has one good word for a good table', () => {
    const config = configOf(EMAIL);
    expect(lines(checkTables(config, live(config, table('encrypted_email varbinary(1040)'))))).toEqual([
      'ok app.users: the table and its 1 protected column are there',
    ]);
  });

  const cases: readonly {
    name: string;
    column?: string;
    ddl: string;
    sqlMode?: string;
    expected: RegExp[];
  }[] = [
    { name: 'no table', ddl: '', expected: [/^problem app\.users: the table is not there; create it/] },
    {
      name: 'no physical column',
      ddl: table('other int'),
      expected: [/^problem app\.users: .*no column encrypted_email/],
    },
    {
      name: 'a character column',
      ddl: table('encrypted_email varchar(1040)'),
      expected: [/^problem app\.users\.encrypted_email: is varchar\(1040\), .*make it VARBINARY\(1024\)/],
    },
    {
      name: 'BINARY, which pads',
      ddl: table('encrypted_email binary(255)'),
      expected: [/^problem app\.users\.encrypted_email: is binary\(255\), which does not keep ciphertext/],
    },
    {
      name: 'too short even for ASCII',
      ddl: table('encrypted_email varbinary(64)'),
      expected: [
        /^problem app\.users\.encrypted_email: is varbinary\(64\) and holds values of up to 63 bytes, .* 1020 \(1024 encrypted\); MODIFY it to VARBINARY\(1024\)/,
      ],
    },
    {
      name: 'too short for the longest value only, with a strict server',
      ddl: table('encrypted_email varbinary(1023)'),
      expected: [/^warning app\.users\.encrypted_email: .*up to 1007 bytes.*1406/, /^ok app\.users/],
    },
    {
      name: 'too short for the longest value only, with a server that cuts',
      ddl: table('encrypted_email varbinary(1023)'),
      sqlMode: '',
      expected: [/^problem app\.users\.encrypted_email: .*cut and lost/],
    },
    {
      name: 'long enough to the byte',
      ddl: table('encrypted_email varbinary(1024)'),
      expected: [/^ok app\.users/],
    },
    {
      name: 'a default, which would be plaintext (bypasses 9)',
      ddl: table("encrypted_email varbinary(1040) DEFAULT 'x'"),
      expected: [/^problem app\.users\.encrypted_email: has a DEFAULT/],
    },
    {
      name: 'a generated column',
      ddl: table("encrypted_email varbinary(1040) AS (x'00')"),
      expected: [/^problem app\.users\.encrypted_email: is a generated column/],
    },
    {
      name: 'a collation that the server lacks',
      column: '{ column: encrypted_email, type: varchar(9), collation: utf8mb4_uca1400_ai_ci }',
      ddl: table('encrypted_email varbinary(1040)'),
      expected: [
        /^problem app\.users\.encrypted_email: .*utf8mb4_uca1400_ai_ci, which this server does not know/,
      ],
    },
    {
      name: 'a tenant column whose collation folds, and which may be NULL (bypasses 12)',
      ddl: table('encrypted_email varbinary(1040)', 'KEY (tenant_id)', 'tenant_id varchar(64)'),
      expected: [
        /^warning app\.users\.tenant_id: its collation utf8mb4_0900_ai_ci/,
        /^warning app\.users\.tenant_id: may be NULL/,
        /^ok/,
      ],
    },
    {
      name: 'no tenant column where one is configured',
      ddl: 'CREATE TABLE users (id int, encrypted_email varbinary(1040))',
      expected: [/^problem app\.users: .*tenant_id/],
    },
    {
      name: 'unique keys without the tenant column (bypasses 10)',
      ddl: table('encrypted_email varbinary(1040)', 'PRIMARY KEY (id), KEY t (tenant_id)'),
      expected: [
        /^warning app\.users: unique keys without tenant_id: PRIMARY \(id\); .*REPLACE is refused/,
        /^warning app\.users: keys that do not begin with tenant_id: PRIMARY \(id\)/,
        /^ok/,
      ],
    },
    {
      name: 'no key led by the tenant column (bypasses 11)',
      ddl: table('encrypted_email varbinary(1040)', 'PRIMARY KEY (id, tenant_id)'),
      expected: [/^warning app\.users: no key begins with tenant_id/, /^ok/],
    },
    {
      name: 'a prefix of the tenant column, which keeps no tenants apart',
      ddl: table('encrypted_email varbinary(1040)', `${GOOD_KEYS}, UNIQUE u (tenant_id(3))`),
      expected: [
        /^warning app\.users: unique keys without tenant_id: u \(tenant_id\(3\)\)/,
        /^warning app\.users: keys that do not begin/,
        /^ok/,
      ],
    },
    {
      name: 'UNIQUE over ciphertext, and an index that equality: collation does not use (semantics 12)',
      ddl: table('encrypted_email varbinary(1040)', `${GOOD_KEYS}, UNIQUE u (tenant_id, encrypted_email)`),
      expected: [
        /^warning app\.users\.encrypted_email: UNIQUE key u compares ciphertext/,
        /^warning app\.users\.email: equality: collation does not use the index u: .*equality: exact/,
        /^ok/,
      ],
    },
    {
      name: 'equality: exact without an index',
      column: '{ column: encrypted_email, type: varchar(255), equality: exact }',
      ddl: table('encrypted_email varbinary(1040)'),
      expected: [
        /^warning app\.users\.email: equality: exact finds no index on encrypted_email; add KEY \(tenant_id, encrypted_email\)/,
        /^ok/,
      ],
    },
    {
      name: 'equality: exact with its index',
      column: '{ column: encrypted_email, type: varchar(255), collation: utf8mb4_0900_bin, equality: exact }',
      ddl: table('encrypted_email varbinary(1040)', `${GOOD_KEYS}, UNIQUE (tenant_id, encrypted_email)`),
      expected: [/^ok/],
    },
  ];
  it.each(cases)('$name', ({ column = EMAIL, ddl, sqlMode, expected }) => {
    const config = configOf(column);
    const found = lines(checkTables(config, live(config, ddl, sqlMode)));
    expect(found).toHaveLength(expected.length);
    for (const pattern of expected) expect(found.some((line) => pattern.test(line))).toBe(true);
  });

  it('says what a configuration without tenantColumn means', () => {
    const config = parseConfig(
      `backend: { host: 127.0.0.1 }
tenant: { sources: [ { userVariable: t } ] }
keys: { provider: file, file: k.yaml }
tables: { app.users: { columns: { email: ${EMAIL} } } }`,
      { env: {}, file: 'c.yaml' },
    );
    const found = lines(checkTables(config, live(config, table('encrypted_email varbinary(1040)'))));
    expect(found.some((line) => /^warning app\.users: has no tenantColumn/.test(line))).toBe(true);
  });
});

describe('check: lengths', () => {
  it.each([
    ['varchar(255)', 1020, 'VARBINARY(1024)'],
    ['varchar(4)', 16, 'VARBINARY(32)'],
    ['char(3)', 12, 'VARBINARY(16)'],
    ['text', 65_535, 'MEDIUMBLOB'],
    ['varbinary(15)', 15, 'VARBINARY(16)'],
    ['varbinary(16)', 16, 'VARBINARY(32)'],
    ['varchar(16000)', 64_000, 'BLOB'],
    ['bigint unsigned', 20, 'VARBINARY(32)'],
    ['int', 11, 'VARBINARY(16)'],
    ['boolean', 4, 'VARBINARY(16)'],
    ['decimal(10,2)', 12, 'VARBINARY(16)'],
    ['decimal(5,5) unsigned', 8, 'VARBINARY(16)'],
    ['decimal(65,30)', 67, 'VARBINARY(80)'],
    ['double', 34, 'VARBINARY(48)'],
    ['date', 10, 'VARBINARY(16)'],
    ['datetime', 19, 'VARBINARY(32)'],
    ['datetime(6)', 26, 'VARBINARY(32)'],
    ['json', 4_294_967_279, 'LONGBLOB'],
    ['longblob', 4_294_967_295, 'LONGBLOB'],
  ])('%s takes %i bytes at most and fits into %s', (text, bytes, physical) => {
    const parsed = parseColumnType(text);
    if (!parsed.ok) throw new Error(parsed.problem.message);
    expect(longestPlaintext(parsed.type)).toBe(bytes);
    expect(fittingType(parsed.type)).toBe(physical);
  });

  it('counts the padding block', () => {
    expect([0, 15, 16, 17, 31, 32].map(ciphertextLength)).toEqual([16, 16, 32, 32, 32, 48]);
  });
});

const QUIET: readonly (readonly [string, string])[] = [
  ['general_log', 'OFF'],
  ['log_output', 'FILE'],
  ['slow_query_log', 'OFF'],
  ['long_query_time', '10.000000'],
  ['log_bin', 'ON'],
  ['binlog_format', 'ROW'],
  ['binlog_rows_query_log_events', 'OFF'],
  ['block_encryption_mode', 'aes-128-ecb'],
  ['sql_mode', STRICT],
  ['character_set_client', 'utf8mb4'],
  ['lower_case_table_names', '0'],
];

describe('check: settings of the server (bypasses 1)', () => {
  const server = { kind: 'mysql', version: 90_704 } as const;
  const found = (...settings: readonly (readonly [string, string])[]): string[] =>
    lines(checkServerSettings(new Map([...QUIET, ...settings]), server)).filter(
      (line) => !line.startsWith('ok'),
    );

  it('has nothing to say of a quiet server', () => {
    expect(found()).toEqual([]);
    expect(lines(checkServerSettings(new Map(QUIET), server))[0]).toMatch(/^ok server logs: /);
  });

  it.each([
    [[['general_log', 'ON']], /^problem general_log: .*SET GLOBAL general_log = OFF/],
    [
      [
        ['slow_query_log', 'ON'],
        ['long_query_time', '0.000000'],
      ],
      /^problem long_query_time: 0 with slow_query_log ON/,
    ],
    [[['slow_query_log', 'ON']], /^warning slow_query_log: .*slower than 10 s/],
    [[['binlog_format', 'STATEMENT']], /^problem binlog_format: STATEMENT .*binlog_format = ROW/],
    [[['binlog_format', 'MIXED']], /^problem binlog_format: MIXED/],
    [[['binlog_annotate_row_events', 'ON']], /^problem binlog_annotate_row_events: ON .*= OFF/],
    [[['binlog_rows_query_log_events', 'ON']], /^problem binlog_rows_query_log_events: ON/],
    [[['server_audit_logging', 'ON']], /^warning server_audit_logging/],
    [[['block_encryption_mode', 'aes-256-cbc']], /^warning block_encryption_mode: aes-256-cbc/],
    [[['sql_mode', `${STRICT},PIPES_AS_CONCAT,MSSQL`]], /^problem sql_mode: MSSQL/],
    [[['sql_mode', '']], /^warning sql_mode: is not strict/],
    [[['character_set_client', 'gbk']], /^warning character_set_client: gbk/],
    [[['init_connect', 'SET NAMES latin1']], /^warning init_connect/],
  ] as const)('%j', (settings, expected) => {
    const [line = '', ...more] = found(...settings);
    expect(more).toEqual([]);
    expect(line).toMatch(expected);
  });

  it('says less where the proxy encrypts constants', () => {
    const proxy = (...more: readonly (readonly [string, string])[]): string[] =>
      lines(checkServerSettings(new Map([...QUIET, ...more]), server, 'proxy')).filter(
        (line) => !line.startsWith('ok'),
      );
    expect(proxy()).toEqual([]);
    expect(proxy(['general_log', 'ON'])[0]).toMatch(
      /^problem general_log: ON writes every key and the plaintext in expressions/,
    );
    expect(proxy(['binlog_format', 'MIXED'])[0]).toMatch(/^problem binlog_format: MIXED .* the key/);
    expect(proxy(['binlog_rows_query_log_events', 'ON'])[0]).toMatch(
      /^warning binlog_rows_query_log_events: .*in its expressions/,
    );
  });

  it('has nothing to say of logs that are off, whatever the other settings', () => {
    expect(
      found(['log_bin', 'OFF'], ['binlog_format', 'MIXED'], ['binlog_annotate_row_events', 'ON']),
    ).toEqual([]);
    expect(found(['log_output', 'NONE'], ['general_log', 'ON'], ['slow_query_log', 'ON'])).toEqual([]);
  });
});

describe('check: keys', () => {
  const provider = (bytes: Buffer | ProxyError): KeyProvider & { given: TenantKey[] } => {
    const given: TenantKey[] = [];
    return {
      name: 'file',
      given,
      fetch: async () => {
        if (!Buffer.isBuffer(bytes)) throw bytes;
        const key = new TenantKey(bytes, 'v1');
        given.push(key);
        return key;
      },
    };
  };
  const config = configOf(EMAIL);
  const found = async (keys: KeyProvider, tenant?: string): Promise<string[]> =>
    lines(await checkKeys(config, keys, tenant)).filter((line) => !line.includes('keys.file'));

  it('fetches no key unless asked to', async () => {
    const keys = provider(Buffer.from('0123456789abcdef'));
    expect(await found(keys)).toEqual([
      'skipped keys: no key was fetched from file; give --tenant to try one',
    ]);
    expect(keys.given).toEqual([]);
  });

  it('fetches one, shows nothing of it and forgets it', async () => {
    const keys = provider(Buffer.from('0123456789abcdef'));
    expect(await found(keys, 't1')).toEqual(['ok keys: file gives a key for the tenant t1']);
    expect(() => keys.given[0]?.bytes).toThrow(/disposed/);
  });

  it.each([
    [
      'a'.repeat(64),
      /^warning keys: the key of the tenant t1 is hexadecimal digits used as text.*format: hex/,
    ],
    ['0123456789abcdef'.repeat(2), /^problem keys: the key of the tenant t1 folds to zeroes/],
    ['short', /^warning keys: .*shorter than 16 bytes/],
    ['0123456789abcdef\n', /^warning keys: .*line break/],
  ])('warns of the key %j (bypasses 6)', async (text, expected) => {
    const bytes =
      text === 'a'.repeat(64)
        ? Buffer.from(`${'0123456789abcdef'.repeat(3)}fedcba9876543211`)
        : Buffer.from(text);
    const [, line = ''] = await found(provider(bytes), 't1');
    expect(line).toMatch(expected);
  });

  it('says why a key can not be had, and that a tenant is none', async () => {
    const failing = provider(new ProxyError('TC_KEY_UNAVAILABLE', 'no secret; create it'));
    expect(await found(failing, 't1')).toEqual(['problem keys: no secret; create it']);
    expect(await found(provider(Buffer.from('x')), 'no/good')).toEqual([
      'problem keys: the tenant given by --tenant does not match tenant.pattern; give a valid one',
    ]);
  });

  it('says that the key file is not there', async () => {
    expect(lines(await checkKeys(config, provider(Buffer.from('x')), undefined))[0]).toMatch(
      /^problem keys\.file: .*keys\.yaml can't be read \(ENOENT\)/,
    );
  });
});

describe('check: the rest', () => {
  it.each([
    ['tls: { mode: preferred }', 'warning backend.tls.mode: preferred can be downgraded'],
    ['tls: { mode: disabled }', 'warning backend.tls.mode: disabled sends keys and data'],
    ['tls: { mode: required }', 'warning backend.tls.mode: required does not verify'],
  ])('backend %s', (tls, expected) => {
    const config = parseConfig(`backend: { host: db.example, ${tls} }`, { env: {}, file: 'c.yaml' });
    expect(lines(checkConfiguration(config)).some((line) => line.startsWith(expected))).toBe(true);
  });

  it('warns of listening beyond this host, of open metrics, and of no tables', () => {
    const config = parseConfig(
      'backend: { host: db.example }\nlisten: { host: 0.0.0.0 }\nmetrics: { host: 0.0.0.0, allowNonLoopback: true }',
      { env: {}, file: 'c.yaml' },
    );
    expect(lines(checkConfiguration(config)).map((line) => line.split(':')[0])).toEqual([
      'ok configuration',
      'warning listen.tls.mode',
      'warning metrics.allowNonLoopback',
      'warning tables',
    ]);
  });

  it('tells version and TLS of the backend', () => {
    const { backend } = configOf(EMAIL);
    const probe = { version: '9.7.4', server: { kind: 'mysql', version: 90_704 }, tls: 'TLSv1.3' } as const;
    expect(lines(checkBackend(backend, probe))).toEqual([
      'ok backend: 127.0.0.1:3306 answers: MySQL 9.7.4',
      'ok backend.tls: TLSv1.3, the certificate is verified and made out for the name',
    ]);
    const old = { version: '5.7.44', server: { kind: 'mysql', version: 50_744 }, tls: null } as const;
    expect(lines(checkBackend(backend, old))[1]).toMatch(/^warning backend: this version was never tried/);
  });

  it('names dependents', () => {
    const found = checkDependents([{ kind: 'view', schema: 'app', name: 'v' }]);
    expect(lines(found)[0]).toMatch(/^warning app\.v: is a view over protected tables/);
  });

  it('writes one line for each, whatever it holds', () => {
    expect(formatFinding({ level: 'problem', subject: 'x', message: 'a\nb' })).toBe('problem  x: a b\n');
  });
});
