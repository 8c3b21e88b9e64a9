import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain } from '../../src/cli/explain.js';
import type { ExplainOptions } from '../../src/cli/program.js';
import { dependentsAmong } from '../../src/cli/wiring/live-schema.js';
import { createRewriter } from '../../src/cli/wiring/rewriter.js';
import type { Rewriter } from '../../src/rewrite/rewriter.js';
import { type TestTerminal, testTerminal } from './support.js';

const CONFIG = `
backend: { host: 127.0.0.1 }
tenant: { sources: [ { userVariable: tenant_id } ] }
keys: { provider: file, file: there-is-none.yaml }
limits: { statementBytes: 4KiB }
tables:
  app.users:
    tenantColumn: tenant_id
    columns:
      email: { column: encrypted_email, type: varchar(255) }
`;
const SCHEMA = `CREATE TABLE users (id int PRIMARY KEY, tenant_id varchar(9) NOT NULL, encrypted_email varbinary(1040));
CREATE VIEW addresses AS SELECT encrypted_email FROM users;`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tc-explain-'));
  writeFileSync(join(folder, 'c.yaml'), CONFIG);
  writeFileSync(join(folder, 'fixed.yaml'), CONFIG.replace('userVariable: tenant_id', 'fixed: acme'));
  writeFileSync(join(folder, 'numbers.yaml'), CONFIG.replace('tenant: {', "tenant: { pattern: '[0-9]+',"));
  writeFileSync(join(folder, 'unprotected.yaml'), 'backend: { host: 127.0.0.1 }\n');
  writeFileSync(join(folder, 's.sql'), SCHEMA);
});
afterAll(() => rmSync(folder, { recursive: true }));

const unreachable = async (): Promise<never> => {
  throw new Error('explain asked the backend');
};

async function run(
  sql: readonly string[],
  options: Partial<ExplainOptions> = {},
  input: readonly (string | Buffer)[] = [],
  rewriter?: Rewriter,
) {
  const terminal: TestTerminal = testTerminal(input);
  const status = await explain(
    sql,
    {
      schema: join(folder, 's.sql'),
      server: 'mysql-9.7',
      ...options,
      config: join(folder, options.config ?? 'c.yaml'),
    },
    terminal,
    {
      createRewriter: rewriter === undefined ? createRewriter : () => rewriter,
      readLiveSchema: unreachable,
      findDependents: dependentsAmong,
    },
  );
  return { status, out: terminal.out(), err: terminal.err() };
}

async function answers(sql: readonly string[], options: Partial<ExplainOptions> = {}) {
  const { status, out, err } = await run(sql, { ...options, jsonl: true });
  const lines = out.trimEnd().split('\n');
  return { status, err, answers: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

async function jsonLines(input: readonly (string | Buffer)[]) {
  const { status, out } = await run([], { jsonl: true }, input);
  return {
    status,
    answers: out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('explain', () => {
  it('says what is forwarded, rewritten and refused, one answer for each in order', async () => {
    const { status, answers: got } = await answers([
      'SELECT 1',
      'SELECT email FROM users',
      "SELECT 'é', email FROM users FOR; SELECT 2",
    ]);
    expect(status).toBe(1);
    expect(got[0]).toEqual({
      outcome: 'forwarded',
      sql: 'SELECT 1',
      code: null,
      reason: null,
      position: null,
    });
    expect(got[1]).toMatchObject({ outcome: 'rewritten', code: null, reason: null, position: null });
    expect(got[1]?.['sql']).toContain('AES_DECRYPT');
    expect(got[2]).toMatchObject({ outcome: 'refused', sql: null });
    expect(got[2]?.['code']).toMatch(/^TC_/);
  });

  it('takes several statements one by one, unless one changes the session for those behind it', async () => {
    const { answers: got } = await answers([
      'SELECT 1; SELECT email FROM users ; -- end',
      'DELETE FROM users; TRUNCATE users',
      "SET @tenant_id = 'acme'; SELECT email FROM users",
      `SET sql_mode = 'ANSI_QUOTES'; SELECT email FROM "users"`,
      'SELECT email FROM users; ; SELECT 1',
    ]);
    expect(got[0]).toMatchObject({ outcome: 'rewritten' });
    expect(got[0]?.['sql']).toMatch(
      /^SELECT 1; SELECT .*AES_DECRYPT.* AS `email` FROM users WHERE .* ; -- end$/,
    );
    expect(got[1]).toMatchObject({ outcome: 'refused', code: 'TC_UNSUPPORTED_SQL', position: 28 });
    for (const answer of got.slice(2)) {
      expect(answer).toMatchObject({ outcome: 'refused', code: 'TC_UNSUPPORTED_SQL' });
    }
  });

  it('shows what the server prepares of a string, and refuses what a session would', async () => {
    const { answers: got } = await answers([
      "PREPARE `s` FROM 'SELECT email FROM users WHERE id = ?'",
      "PREPARE s FROM 'SELECT 1'",
      "PREPARE s FROM 'TRUNCATE users'",
      "PREPARE s FROM 'PREPARE t FROM ''SELECT email FROM users'''",
      'PREPARE s FROM @v',
    ]);
    expect(got[0]).toMatchObject({ outcome: 'rewritten', code: null, position: null });
    expect(got[0]?.['sql']).toMatch(
      /^PREPARE `s` FROM 'SELECT .*AES_DECRYPT.* AS `email` FROM users WHERE .* AND \(id = \?\)'$/,
    );
    expect(got[1]).toMatchObject({ outcome: 'forwarded', sql: "PREPARE s FROM 'SELECT 1'" });
    for (const answer of got.slice(2)) {
      expect(answer).toMatchObject({ outcome: 'refused', code: 'TC_UNSUPPORTED_SQL', position: 15 });
    }
  });

  it('needs no key and no backend, and shows the tenant that was given', async () => {
    const { status, err, answers: got } = await answers(['SELECT email FROM users'], { tenant: 'acme' });
    expect(status).toBe(0);
    expect(err).toBe('');
    expect(got[0]?.['sql']).toContain("'acme'");
  });

  it.each([
    [
      'c.yaml',
      'tenant-001',
      'tenantcrypt explain: no --tenant given; showing the statements of tenant-001\n',
    ],
    ['fixed.yaml', 'acme', ''],
    ['numbers.yaml', '1', 'tenantcrypt explain: no --tenant given; showing the statements of 1\n'],
  ])('without --tenant and with %s stands %s in', async (config, tenant, note) => {
    const { err, answers: got } = await answers(['SELECT email FROM users'], { config });
    expect(err).toBe(note);
    expect(got[0]?.['sql']).toContain(`'${tenant}'`);
  });

  it('explains a statement with ? as a prepared one, and not for a ? in quotes', async () => {
    const { answers: got } = await answers([
      "SELECT email, '?' FROM users WHERE id = 1",
      'SELECT email FROM users WHERE id = ?',
    ]);
    expect(got[0]?.['sql']).toContain("'tenant-001'");
    expect(got[1]?.['outcome']).toBe('rewritten');
    expect(got[1]?.['sql']).not.toContain('tenant-001');
  });

  it('takes the schema of the tables for the current one, unless --database names another', async () => {
    const { answers: got } = await answers(['SELECT email FROM users'], { database: 'other' });
    expect(got[0]).toMatchObject({ outcome: 'forwarded' });
  });

  it.each([
    ['SELECT "email" FROM users', 'ANSI_QUOTES', 'rewritten'],
    ['SELECT email FROM users', 'ORACLE', 'refused'],
  ])('reads %s under sql_mode %s', async (sql, sqlMode, outcome) => {
    const { answers: got } = await answers([sql], { sqlMode });
    expect(got[0]?.['outcome']).toBe(outcome);
  });

  it('refuses in a character set that can hide quotes', async () => {
    expect((await answers(['SELECT email FROM users'], { charset: 'GBK' })).answers[0]).toMatchObject({
      outcome: 'refused',
      code: 'TC_UNSUPPORTED_SQL',
    });
  });

  it('finds folded names with --lower-case-table-names 1', async () => {
    expect((await answers(['SELECT email FROM USERS'])).answers[0]?.['outcome']).not.toBe('rewritten');
    const folded = await answers(['SELECT email FROM USERS'], { lowerCaseTableNames: '1' });
    expect(folded.answers[0]).toMatchObject({ outcome: 'rewritten' });
  });

  it('knows the views of the schema file', async () => {
    expect((await answers(['SELECT * FROM addresses'])).answers[0]).toMatchObject({ outcome: 'refused' });
  });

  it('says what it could not read in the schema file, and refuses those tables', async () => {
    const schema = join(folder, 'broken.sql');
    writeFileSync(schema, 'CREATE TABLE users (id int');
    const { err, answers: got } = await answers(['SELECT email FROM users'], { schema, tenant: 'a' });
    expect(err).toBe(
      `tenantcrypt explain: ${schema}: app.users: its CREATE TABLE can't be read: ) expected\n` +
        `tenantcrypt explain: ${schema}: has no CREATE TABLE of app.users that can be used\n`,
    );
    expect(got[0]).toMatchObject({ outcome: 'refused', code: 'TC_SCHEMA' });
  });

  it('assumes a server where none is named, and says so', async () => {
    const terminal = testTerminal();
    const options = { config: join(folder, 'c.yaml'), schema: join(folder, 's.sql'), tenant: 'a' };
    await explain(['SELECT 1'], options, terminal, {
      createRewriter,
      readLiveSchema: unreachable,
      findDependents: dependentsAmong,
    });
    expect(terminal.err()).toBe(
      'tenantcrypt explain: no --server given; reading statements as mysql-9.7 does\n',
    );
  });

  it('forwards everything when no table is protected, without asking anybody', async () => {
    const { status, answers: got } = await answers(['DROP TABLE users'], { config: 'unprotected.yaml' });
    expect(status).toBe(0);
    expect(got[0]).toMatchObject({ outcome: 'forwarded', sql: 'DROP TABLE users' });
  });

  it.each([
    [{ tenant: 'no/good' }, /--tenant does not match/],
    [{ server: 'oracle-23' }, /--server oracle-23 is no server/],
    [{ schema: '/does/not/exist.sql' }, /--schema .* \(ENOENT\)/],
  ])('%j is wrong usage', async (options, message) => {
    await expect(run(['SELECT 1'], options)).rejects.toThrow(message);
  });

  it('asks the live schema without --schema, with the control account', async () => {
    const config = join(folder, 'control.yaml');
    writeFileSync(config, `${CONFIG}control: { user: reader, password: x }\n`);
    const terminal = testTerminal();
    const column = {
      dataType: 'varbinary',
      columnType: 'varbinary(1040)',
      characterSet: null,
      collation: null,
    };
    const rest = {
      nullable: true,
      defaultValue: null,
      autoIncrement: false,
      generated: false,
      invisible: false,
      octetLength: 1040,
    };
    const status = await explain(['SELECT email FROM Users'], { config, tenant: 'a' }, terminal, {
      createRewriter,
      readLiveSchema: async () => ({
        server: { kind: 'mariadb', version: 101_114 },
        sqlMode: '',
        lowerCaseTableNames: 1,
        catalog: {
          generation: 1,
          tables: new Map([
            [
              'app.users',
              {
                schema: 'app',
                name: 'users',
                columns: [
                  { name: 'tenant_id', ...column, ...rest },
                  { name: 'encrypted_email', ...column, ...rest },
                ],
                keys: [],
              },
            ],
          ]),
          dependents: [],
        },
        missing: new Map(),
      }),
      findDependents: dependentsAmong,
    });
    expect(terminal.out()).toMatch(/^-- 1: rewritten\n/);
    expect(status).toBe(0);
  });

  it('says what it needs without --schema and without a control account', async () => {
    const terminal = testTerminal();
    const dependencies = { createRewriter, readLiveSchema: unreachable, findDependents: dependentsAmong };
    await expect(
      explain(['SELECT 1'], { config: join(folder, 'c.yaml') }, terminal, dependencies),
    ).rejects.toThrow(/give --schema FILE\.sql.*or an account/);
  });
});

describe('explain --jsonl', () => {
  it('answers each line, malformed ones too, whatever the chunks', async () => {
    const script = [
      '\ufeff{"sql": "SELECT 1", "source": "x"}',
      '{"sql": "SELECT \'\u2028;\\n\'"}',
      'nonsense',
      '',
      '{"sql": 7}',
      'null',
      '[]',
      '{"sql": "SELECT email FROM users"}',
      '{"sql": "SELECT é"}',
    ].join('\n');
    const outcomes = [
      'forwarded',
      'forwarded',
      'refused',
      'refused',
      'refused',
      'refused',
      'refused',
      'rewritten',
      'forwarded',
    ];
    const bytes = Buffer.from(script);
    for (const size of [1, 3, 1000]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      const { status, answers: got } = await jsonLines(chunks);
      expect(got.map((answer) => answer['outcome'])).toEqual(outcomes);
      expect(status).toBe(1);
      expect(got[1]?.['sql']).toBe("SELECT '\u2028;\n'");
      expect(got[2]).toMatchObject({ code: 'TC_UNSUPPORTED_SQL', position: null });
      expect(got[8]?.['sql']).toBe('SELECT é');
    }
  });

  it('answers a line and a statement that are too long with TC_LIMIT, and goes on', async () => {
    const { answers: got } = await jsonLines([
      `{"sql": "SELECT '${'x'.repeat(5000)}'"}\n`,
      ...Array.from({ length: 30 }, () => 'y'.repeat(10_000)),
      '\n{"sql": "SELECT 1"}\n',
    ]);
    expect(got.map((answer) => answer['code'] ?? answer['outcome'])).toEqual([
      'TC_LIMIT',
      'TC_LIMIT',
      'forwarded',
    ]);
  });

  it('answers nothing to nothing', async () => {
    expect(await jsonLines([])).toEqual({ status: 0, answers: [] });
  });

  it('survives a rewriter that throws', async () => {
    const broken: Rewriter = {
      analyse: (statement) => {
        if (statement.includes('boom')) throw new Error('secret-literal');
        return {
          plan: {
            outcome: 'forward',
            pins: [],
            effects: { tenantAssignments: [], changesSchema: false, tables: [] },
            bytes: 0,
          },
          skipped: true,
          cacheHit: false,
        };
      },
      fill: () => Buffer.alloc(0),
      refusal: () => {
        throw new Error('none');
      },
      parameters: () => [],
      warnings: () => null,
      tenantValues: () => [],
      comments: () => [],
      stats: { hits: 0, misses: 0, entries: 0, bytes: 0 },
    };
    const { out } = await run(['boom', 'SELECT 1'], { jsonl: true, tenant: 'a' }, [], broken);
    const [first, second] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(first).toMatchObject({ outcome: 'refused', code: 'TC_INTERNAL' });
    expect(out).not.toContain('secret-literal');
    expect(second).toMatchObject({ outcome: 'forwarded' });
  });
});

describe('explain for people', () => {
  it('reads a script from standard input, cut at ; at the end of a line', async () => {
    const { status, out } = await run([], { tenant: 'a' }, [
      "SELECT ';\n' ;\nSELECT 1; SELECT 2;\n-- the end\nSELECT",
      ' 3',
    ]);
    expect(status).toBe(0);
    expect(out).toBe(
      "-- 1: forwarded\nSELECT ';\n';\n\n-- 2: forwarded\nSELECT 1; SELECT 2;\n\n-- 3: forwarded\n-- the end\nSELECT 3;\n\n",
    );
  });

  it('points at the place with a caret', async () => {
    const { status, out } = await run(['RENAME\n\tTABLE é TO b, users TO c'], { tenant: 'a' });
    expect(status).toBe(1);
    const [first = '', ...rest] = out.split('\n');
    expect(first).toMatch(/^-- 1: refused, TC_UNSUPPORTED_SQL: /);
    expect(rest.slice(0, 2)).toEqual(['--   RENAME', '--   \tTABLE é TO b, users TO c']);
    expect(rest[2]).toMatch(/^-- {3}\t {14}\^$/);
  });

  it('holds one statement at a time', async () => {
    const statement = Buffer.from(`SELECT '${'x'.repeat(2000)}';\n`);
    const terminal = testTerminal();
    let length = 0;
    terminal.stdout.write = ((text: string) => {
      length += text.length;
      return true;
    }) as typeof terminal.stdout.write;
    const input = (async function* () {
      for (let i = 0; i < 20_000; i++) yield statement;
    })();
    const before = process.memoryUsage().rss;
    await explain(
      [],
      { config: join(folder, 'c.yaml'), schema: join(folder, 's.sql'), server: 'mysql-9.7', tenant: 'a' },
      { ...terminal, stdin: input },
      {
        createRewriter,
        readLiveSchema: unreachable,
        findDependents: dependentsAmong,
      },
    );
    expect(length).toBeGreaterThan(40_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });
});
