import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/config-error.js';
import { configJsonSchema } from '../../src/config/json-schema.js';
import { loadConfig, parseConfig } from '../../src/config/load-config.js';

const MINIMAL = `backend:
  host: db.example
`;
const FULL = `backend: { host: db.example }
tenant:
  sources:
    - connectionAttribute: tenant_id
    - userVariable: tenant_id
keys: { provider: file, file: keys.yaml }
tables:
  tenant_app.users:
    tenantColumn: tenant_id
    columns:
      email: { column: encrypted_email, type: varchar(255) }
`;

function parse(text: string, env: Record<string, string> = {}): Config {
  return parseConfig(text, { env, file: '/etc/tc/config.yaml' });
}

function problems(text: string, env: Record<string, string> = {}): string[] {
  try {
    parse(text, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new Error('accepted');
}

describe('defaults', () => {
  it('fills in everything but backend', () => {
    const config = parse(MINIMAL);
    expect(config.listen).toEqual({
      tcp: { host: '127.0.0.1', port: 3307 },
      socket: undefined,
      compression: ['zlib', 'zstd'],
      tls: {
        mode: 'preferred',
        cert: undefined,
        key: undefined,
        ca: undefined,
        clientCertificate: 'none',
      },
      proxyProtocol: undefined,
    });
    expect(config.backend.tls.mode).toBe('verify-identity');
    expect(config.backend.port).toBe(3306);
    expect(config.metrics).toBeUndefined();
    expect(config.limits).toEqual({
      sessions: 2000,
      unauthenticated: 200,
      authSeconds: 8,
      statementBytes: 67_108_864,
      parseDepth: 500,
      planCacheBytes: 67_108_864,
      idleSeconds: 28_800,
      drainSeconds: 25,
      preparedStatements: 16_382,
    });
    expect(config.policy).toEqual({
      localInfile: 'off',
      dynamicSql: 'refuse',
      binlogDump: 'refuse',
      calls: [],
      plaintextInto: [],
      isolation: 'merge',
    });
    expect(config.log.level).toBe('info');
    expect(config.tables.size).toBe(0);
  });

  it('takes on and off, and off as YAML 1.1 writes it', () => {
    expect(parse(`${MINIMAL}policy: { localInfile: 'on' }\n`).policy.localInfile).toBe('on');
    expect(parse(`${MINIMAL}policy: { localInfile: false }\n`).policy.localInfile).toBe('off');
  });

  it('resolves paths against the file and keeps the socket TLS free', () => {
    const config = parse('backend: { socket: run/db.sock }\nlisten: { socket: ./p.sock }\n');
    expect(config.backend.socket).toBe('/etc/tc/run/db.sock');
    expect(config.backend.tls.mode).toBe('disabled');
    expect(config.listen.tcp).toBeUndefined();
    expect(config.listen.socket).toBe('/etc/tc/p.sock');
  });

  it('reads tables, columns, tenant and keys', () => {
    const config = parse(FULL);
    const users = config.tables.get('tenant_app.users');
    expect(users?.tenantColumn).toBe('tenant_id');
    expect(users?.columns.get('email')).toEqual({
      logical: 'email',
      physical: 'encrypted_email',
      type: { kind: 'string', base: 'varchar', length: 255, charset: 'utf8mb4', collation: undefined },
      equality: 'collation',
    });
    expect(config.tenant?.sources).toEqual([
      { kind: 'connectionAttribute', name: 'tenant_id' },
      { kind: 'userVariable', name: 'tenant_id' },
    ]);
    expect(config.tenant?.allowSwitch).toBe(false);
    expect(config.keys).toEqual({
      provider: 'file',
      file: '/etc/tc/keys.yaml',
      format: 'text',
      cache: { max: 1000, ttlSeconds: 300, negativeTtlSeconds: 2, fetchTimeoutSeconds: 5 },
    });
  });

  it.each([
    ['type: varchar(9)', 'collation'],
    ['type: varchar(9), collation: utf8mb4_0900_bin', 'exact'],
    ['type: varchar(9), collation: utf8mb4_nopad_bin', 'exact'],
    ['type: varchar(9), collation: utf8mb4_bin', 'collation'],
    ['type: char(9), collation: utf8mb4_0900_bin', 'collation'],
    ['type: varchar(9), equality: exact', 'exact'],
    ['type: varbinary(9)', 'exact'],
    ['type: bigint unsigned', 'exact'],
    ['type: int, equality: collation', 'collation'],
  ])('equality of { %s } is %s', (column, equality) => {
    const config = parse(FULL.replace('type: varchar(255)', column));
    expect(config.tables.get('tenant_app.users')?.columns.get('email')?.equality).toBe(equality);
  });

  it('defaults the control account to the address of the backend, and shows its password nowhere', () => {
    const config = parse(
      `backend: { host: db.example, port: 3310 }\ncontrol: { user: c, password: "\${PW}" }\n`,
      {
        PW: 'hunter2',
      },
    );
    expect(config.control).toMatchObject({ user: 'c', host: 'db.example', port: 3310 });
    expect(config.control?.password.reveal()).toBe('hunter2');
    expect(
      `${inspect(config, { depth: 9 })}${JSON.stringify(config)}${config.control?.password}`,
    ).not.toContain('hunter2');
  });
});

describe('tenant pattern', () => {
  it.each([
    ['[a-z]+', 'abc', true],
    ['[a-z]+', 'abc1', false],
    ['[a-z]+', 'abc\n', false],
    ['a|b', 'ax', false],
    ['^a$|^b$', 'b', true],
  ])('%s on %j: %s', (pattern, id, matches) => {
    const config = parse(`${MINIMAL}tenant: { sources: [ { userVariable: t } ], pattern: '${pattern}' }\n`);
    expect(config.tenant?.pattern.test(id)).toBe(matches);
  });
});

describe('problems name file, line, path, cause and remedy', () => {
  const at = '/etc/tc/config.yaml';
  it.each<[string, string, string[]]>([
    ['an empty file', '# nothing\n', [`${at}:1: is empty; start from config/tenantcrypt.example.yaml`]],
    ['a missing section', 'log: { level: info }\n', [`${at}:1: backend: is missing; add it`]],
    [
      'an unknown key at the top',
      `${MINIMAL}tabels: {}\n`,
      [`${at}:3: tabels: is not a known key; did you mean tables?`],
    ],
    [
      'an unknown key below',
      FULL.replace('tenantColumn', 'tenant_column'),
      [`${at}:9: tables.tenant_app.users.tenant_column: is not a known key; did you mean tenantColumn?`],
    ],
    [
      'an unknown key of a provider',
      `${MINIMAL}keys: { provider: file, file: f, fromat: hex }\n`,
      [`${at}:3: keys.fromat: is not a known key; did you mean format?`],
    ],
    [
      'an unknown key far from all',
      'backend: { host: h, zzzzzzzz: 1 }\n',
      [
        `${at}:1: backend.zzzzzzzz: is not a known key; the nearest known key is host; known here: host, port, socket, tls, serverPublicKey`,
      ],
    ],
    [
      'several at once, in the order of the file',
      'backend: { host: h, port: 70000 }\nlimits:\n  sessions: none\n  statementBytes: 1XB\n',
      [
        `${at}:1: backend.port: must be a whole number from 1 to 65535; change it`,
        `${at}:3: limits.sessions: must be a whole number from 1 to 1000000; change it`,
        `${at}:4: limits.statementBytes: must be a size from 1024 to 1073741824 bytes; write a number of bytes or for example 64MiB`,
      ],
    ],
    [
      'a type that no encrypted column can be',
      FULL.replace('varchar(255)', 'float'),
      [
        expect.stringMatching(
          /^\/etc\/tc\/config\.yaml:11: tables\.tenant_app\.users\.columns\.email\.type: can not be this one: FLOAT compares in another precision .*; /,
        ) as unknown as string,
      ],
    ],
    [
      'a cipher that is not there yet',
      `${MINIMAL}cipher: aes-256-cbc\n`,
      [`${at}:3: cipher: aes-256-cbc is not supported yet; the only choice now is aes-128-ecb`],
    ],
    [
      'a cipher nobody knows',
      `${MINIMAL}cipher: rot13\n`,
      [`${at}:3: cipher: is not known here; the only choice now is aes-128-ecb`],
    ],
    [
      'isolation',
      `${MINIMAL}policy:\n  isolation: strict\n`,
      [`${at}:4: policy.isolation: strict is not supported yet; the only choice now is merge`],
    ],
    [
      'plaintextInto',
      `${MINIMAL}policy:\n  plaintextInto: [a.b, c]\n`,
      [`${at}:4: policy.plaintextInto[1]: is no table; write schema.table, for example reports.mailing`],
    ],
    [
      'plaintextInto of a protected table',
      FULL.replace('backend:', 'policy: { plaintextInto: [reports.mailing, Tenant_App.USERS] }\nbackend:'),
      [`${at}:1: policy.plaintextInto[1]: Tenant_App.USERS is protected itself; take it off the list`],
    ],
    [
      'kms',
      `${MINIMAL}keys:\n  provider: kms\n`,
      [`${at}:4: keys.provider: the provider kms is not supported yet; use file or secrets-manager`],
    ],
    [
      'patterns of schema names that are none',
      `${MINIMAL}tenant:\n  sources: [ { database: 'a_(.*)_(.*)' }, { database: 'a)|(b' }, { database: '{tenant}{tenant}' } ]\n`,
      [
        `${at}:4: tenant.sources[0].database: has several groups; name the one that holds the tenant id: (?<tenant>…)`,
        `${at}:4: tenant.sources[1].database: is no pattern; write text with {tenant} in it, or a regular expression (JavaScript syntax)`,
        `${at}:4: tenant.sources[2].database: holds {tenant} twice; keep one`,
      ],
    ],
    [
      'a comment key that no comment can hold',
      `${MINIMAL}tenant: { sources: [ { comment: 'tenant id' } ] }\n`,
      [
        `${at}:3: tenant.sources[0].comment: is no key of a comment; use letters, digits, dot, underscore and hyphen`,
      ],
    ],
    [
      'two sources in one item',
      `${MINIMAL}tenant:\n  sources: [ { fixed: a, userSuffix: '%' } ]\n`,
      [
        `${at}:4: tenant.sources[0]: must name exactly one source; write one list item for each of connectionAttribute, userVariable, userSuffix, queryAttribute, database, comment, fixed`,
      ],
    ],
    [
      'a reserved variable as the source',
      `${MINIMAL}tenant: { sources: [ { userVariable: __TC_key } ] }\n`,
      [
        `${at}:3: tenant.sources[0].userVariable: is a name that tenantcrypt reserves; choose one that does not start with __tc`,
      ],
    ],
    [
      'a pattern that breaks out of its group',
      `${MINIMAL}tenant: { sources: [ { fixed: a } ], pattern: 'a)|(b' }\n`,
      [
        `${at}:3: tenant.pattern: is no regular expression; correct it (JavaScript syntax, anchored by tenantcrypt)`,
      ],
    ],
    [
      'fixed before others, and not of the pattern',
      `${MINIMAL}tenant: { sources: [ { fixed: 'a b' }, { userVariable: t } ] }\n`,
      [
        `${at}:3: tenant.sources[0].fixed: does not match tenant.pattern; correct one of the two`,
        `${at}:3: tenant.sources[0]: always yields, so that the sources after it never do; move it to the end`,
      ],
    ],
    [
      'sources twice',
      `${MINIMAL}tenant: { sources: [ { userVariable: t }, { userVariable: u }, { userSuffix: '%' }, { userSuffix: '%' } ] }\n`,
      [
        `${at}:3: tenant.sources[1]: a second user variable is not supported yet; keep the one that the application sets`,
        `${at}:3: tenant.sources[3]: stands twice; remove one`,
      ],
    ],
    [
      'tables without tenant and keys',
      `${MINIMAL}tables:\n  a.b: { columns: { c: { type: int } } }\n`,
      [
        `${at}:3: tables: tables are protected but no tenant section says whose rows and key to use; add tenant.sources`,
        `${at}:3: tables: tables are protected but no keys section says where keys come from; add keys.provider`,
      ],
    ],
    [
      'a table without its schema',
      FULL.replace('tenant_app.users', 'users'),
      [`${at}:8: tables.users: is no table; write schema.table, for example tenant_app.users`],
    ],
    [
      'columns that are one to the server',
      `${FULL}      EMAİL: { column: x, type: int }\n`,
      [
        `${at}:12: tables.tenant_app.users.columns.EMAİL: is the same column as email to the server; keep one of the two`,
      ],
    ],
    [
      'one physical column for two',
      `${FULL}      phone: { column: Encrypted_Email, type: int }\n`,
      [
        `${at}:12: tables.tenant_app.users.columns.phone.column: holds the ciphertext of email already; give each column its own`,
      ],
    ],
    [
      'a physical column that is another logical one',
      `${FULL}      phone: { column: email, type: int }\n`,
      [
        `${at}:12: tables.tenant_app.users.columns.phone.column: is also the name of the protected column email; rename one of the two`,
      ],
    ],
    [
      'the tenant column protected',
      FULL.replace('tenantColumn: tenant_id', 'tenantColumn: EMAIL'),
      [
        `${at}:9: tables.tenant_app.users.tenantColumn: is a protected column itself; name the plain column that holds the tenant id`,
      ],
    ],
    [
      'tables that differ in case',
      `${FULL}  tenant_app.USERS: { columns: { c: { type: int } } }\n`,
      [`${at}:12: tables.tenant_app.USERS: differs from tenant_app.users in case only; keep one of the two`],
    ],
    [
      'a reserved physical name',
      FULL.replace('encrypted_email', '__tc_email'),
      [
        `${at}:11: tables.tenant_app.users.columns.email.column: starts with __tc, which tenantcrypt reserves; write the name of the physical column as the table declares it`,
      ],
    ],
    [
      'a table without columns',
      `${FULL}  a.b: { columns: {} }\n`,
      [`${at}:12: tables.a.b.columns: names no column; name one or remove the table`],
    ],
    [
      'nowhere to listen',
      `${MINIMAL}listen: {}\n`,
      [`${at}:3: listen: names no place to listen on; give host and port, or socket, or both`],
    ],
    [
      'half a certificate',
      `${MINIMAL}listen: { port: 1, tls: { cert: a } }\n`,
      [`${at}:3: listen.tls: has only one of cert and key; give both or none`],
    ],
    [
      'TLS on a socket',
      'backend: { socket: s, tls: { mode: required } }\n',
      [
        `${at}:1: backend.tls.mode: asks for TLS on a Unix socket, which has none; remove it, or use host and port`,
      ],
    ],
    [
      'a certificate authority that is not used',
      'backend: { host: s, tls: { mode: required, ca: a.pem } }\n',
      [
        `${at}:1: backend.tls.ca: is never checked with mode required; use verify-ca or verify-identity, or remove ca`,
      ],
    ],
    [
      'metrics off loopback',
      `${MINIMAL}metrics: { host: 0.0.0.0 }\n`,
      [
        `${at}:3: metrics.host: is not a loopback address, and these endpoints have no login; use 127.0.0.1, or set metrics.allowNonLoopback: true`,
      ],
    ],
    [
      'one secret for all tenants',
      `${MINIMAL}keys: { provider: secrets-manager, secretId: key }\n`,
      [
        `${at}:3: keys.secretId: names one secret for all tenants; write {tenant} where the tenant id belongs`,
      ],
    ],
    [
      'a map that is a list',
      `${MINIMAL}limits: [1]\n`,
      [`${at}:3: limits: must be a map of keys; change it`],
    ],
    ['a null section', `${MINIMAL}log:\n`, [`${at}:3: log: is empty; give a map of keys or remove the key`]],
    [
      'a null scalar',
      'backend: { host: }\n',
      [`${at}:1: backend.host: is empty; give a value or remove the key`],
    ],
    [
      'a number for text',
      'backend: { host: 5 }\n',
      [`${at}:1: backend.host: must be text; put it in quotes`],
    ],
    [
      'one key twice',
      `${MINIMAL}backend: { host: a }\n`,
      [`${at}:3: the same key stands twice in one map; remove one`],
    ],
    [
      '__proto__',
      `${FULL}      __proto__: { type: int }\n`,
      [
        `${at}:12: tables.tenant_app.users.columns.__proto__: has the key __proto__, which is not supported; remove it`,
      ],
    ],
    [
      'a variable in a key',
      `${FULL}      '\${A}': { type: int }\n`,
      [
        `${at}:12: tables.tenant_app.users.columns.\${A}: has a key with \${…}; variables are filled in in values only, write the name itself`,
      ],
    ],
    [
      'a second document',
      `${MINIMAL}---\na: 1\n`,
      [expect.stringContaining(':3: holds more than one YAML document') as unknown as string],
    ],
    [
      'a tag',
      'backend: { host: !secret a }\n',
      [expect.stringContaining(':1: has a YAML tag') as unknown as string],
    ],
  ])('%s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('does not quote the file when a password breaks its YAML', () => {
    for (const password of ['*hunter2', '"hunter2', '!hunter2 x', '{hunter2', '@hunter2', '&hunter2 : x']) {
      const text = `backend: { host: a }\ncontrol:\n  user: u\n  password: ${password}\n  port: -1\n`;
      expect(problems(text).join('\n')).not.toContain('hunter2');
    }
  });
});

describe('variables', () => {
  it('are filled in and typed by the schema', () => {
    const config = parse(
      `backend: { host: "\${H}.example", port: "\${P}" }\nmetrics: { allowNonLoopback: "\${YES}", host: "\${ANY}" }\n`,
      {
        H: 'db',
        P: '3310',
        YES: 'true',
        ANY: '0.0.0.0',
      },
    );
    expect(config.backend).toMatchObject({ host: 'db.example', port: 3310 });
    expect(config.metrics).toMatchObject({ host: '0.0.0.0', allowNonLoopback: true });
  });

  it('says which line needs quotes', () => {
    expect(problems(`backend: { host: h, port: \${P} }\n`)).toEqual([
      `/etc/tc/config.yaml:1: is not valid YAML; put the value with \${…} in quotes`,
    ]);
  });

  it('are an error when missing, naming the variable, the line and the path', () => {
    expect(problems(`backend:\n  host: h\n  tls:\n    ca: \${CA_FILE}\n`)).toEqual([
      '/etc/tc/config.yaml:4: backend.tls.ca: needs the environment variable CA_FILE, which is not set; set it',
    ]);
  });

  it('never show their value', () => {
    const text = `backend: { host: h, port: "\${S}" }\nlog: { level: "\${S}" }\nlimits: { idleSeconds: "\${S}" }\n`;
    const shown = problems(text, { S: 'hunter2' });
    expect(shown).toHaveLength(3);
    expect(shown.join('\n')).not.toContain('hunter2');
  });
});

describe('loadConfig', () => {
  let folder: string | undefined;
  afterEach(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
    folder = undefined;
  });

  it('says that the file is not there', () => {
    expect(() => loadConfig('/nonexistent/c.yaml')).toThrow(
      "/nonexistent/c.yaml: can't be read (ENOENT); name an existing file with --config",
    );
  });

  it('says which named file is not there', () => {
    folder = mkdtempSync(join(tmpdir(), 'tc-config-'));
    const file = join(folder, 'c.yaml');
    writeFileSync(file, 'backend:\n  host: h\n  tls: { ca: missing.pem }\n');
    expect(() => loadConfig(file)).toThrow(
      `${file}:3: backend.tls.ca: names a file that can't be read (ENOENT); correct the path or its permissions`,
    );
    writeFileSync(join(folder, 'missing.pem'), '');
    expect(loadConfig(file).backend.tls.ca).toBe(join(folder, 'missing.pem'));
  });

  it('takes the shipped example', () => {
    const config = loadConfig('config/tenantcrypt.example.yaml', {});
    expect(config.tables.get('tenant_app.users')?.columns.size).toBe(2);
    expect(config.limits).toEqual(parse(MINIMAL).limits);
    expect(config.policy).toEqual(parse(MINIMAL).policy);
  });
});

it('config/tenantcrypt.schema.json is current (npm run build && node scripts/config-schema.mjs)', () => {
  const shipped: unknown = JSON.parse(readFileSync('config/tenantcrypt.schema.json', 'utf8'));
  expect(shipped).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});
