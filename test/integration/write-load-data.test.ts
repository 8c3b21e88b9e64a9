import { chmodSync, createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection, ResultSetHeader } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { errorOf, KEYS, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

/* LOAD DATA into a protected table gives what it gives in a plain one, or an error; the file's text is never stored. */

const columns = (sealed: (plain: string) => string): string => `
  id INT NOT NULL AUTO_INCREMENT, tenant_id VARCHAR(64) NOT NULL DEFAULT 'tenant-001', username VARCHAR(100),
  email ${sealed('VARCHAR(20)')}, code ${sealed('CHAR(5)')}, age ${sealed('TINYINT')}, token ${sealed('VARBINARY(8)')},
  visits INT NOT NULL DEFAULT 0, PRIMARY KEY (tenant_id, id), KEY (id), UNIQUE KEY by_name (tenant_id, username)`;
const CLEAR = 'id, tenant_id, username, email, code, age, token, visits';

interface LoadCase {
  readonly what: string;
  /** Behind INTO TABLE t; {tenant}: `tenant-001` as a field's text has it. */
  readonly clauses: string;
  readonly file: string | Buffer;
  /** What the plain table says beside it. */
  readonly errno?: number;
  readonly replace?: true;
}

const CSV = "FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"'";

const EQUAL: readonly LoadCase[] = [
  {
    what: 'a list of fields',
    clauses: '(username, email, age)',
    file: 'ann\tann@x.com\t30\nbob\t\\N\t\\N\ncam\t\t-5\n',
  },
  {
    what: 'no list: all columns in the order of the table',
    clauses: '',
    file: '7\ttenant-001\tann\ta@x\tab\t1\ttok\t5\n8\ttenant-001\tbob\t\\N\t\\N\t\\N\t\\N\t6\n',
  },
  {
    what: 'quoted fields, other line ends, and a head',
    clauses: `${CSV} LINES TERMINATED BY '\\r\\n' IGNORE 1 LINES (username, @skipped, email, token)`,
    file: 'name,x,mail,token\r\n"ann",1,"a,""b"" c",tok\r\nbob,2,NULL,"w\\"\r\nq\\""\r\n',
  },
  {
    what: 'the client’s own variables and expressions',
    clauses:
      "(@n, @e) SET username = UPPER(@n), email = CONCAT(LOWER(@e), '!'), visits = LENGTH(@e), age = visits + 1",
    file: 'ann\tANN@X\nbob\tB\n',
  },
  {
    what: 'a subquery for a protected column',
    clauses: '(@n) SET username = @n, email = (SELECT MAX(label) FROM labels WHERE id = @n)',
    file: '1\n2\n3\n',
  },
  {
    what: 'another character set',
    clauses: 'CHARACTER SET latin1 (username, email, code)',
    file: Buffer.from('zo\xeb\tgr\xfc\xdfe\t\xe4\xf6\xfc\n', 'latin1'),
  },
  {
    what: 'the tenant among the fields',
    clauses: '(tenant_id, username, email)',
    file: 'tenant-001\tann\ta@x\n',
  },
  { what: 'trailing spaces of a CHAR', clauses: '(username, code)', file: 'ann\tab   \n' },
  { what: 'emoji', clauses: 'CHARACTER SET utf8mb4 (username, email)', file: 'ann\t😀 grüße\n' },
  { what: 'what does not fit', clauses: '(username, email)', file: `ann\t${'x'.repeat(21)}\n`, errno: 1406 },
  { what: 'a number out of range', clauses: '(username, age)', file: 'ann\t300\n', errno: 1264 },
  { what: 'a duplicate', clauses: '(username, email)', file: 'old\tnew@x\n', errno: 1062 },
  { what: 'REPLACE', clauses: '(username, email)', file: 'old\tnew@x\nann\ta@x\n', replace: true },
];

forEachServer((_name, getServer) => {
  let proxy: TestProxy;
  let ours: Connection;
  let plain: Connection;

  beforeAll(async () => {
    const server = getServer();
    proxy = await startTestProxy(server, {
      label: 'load',
      tables: [
        `CREATE TABLE users (${columns(() => 'VARBINARY(200)')}) DEFAULT CHARSET utf8mb4`,
        `CREATE TABLE plain_users (${columns((type) => type)}) DEFAULT CHARSET utf8mb4`,
        'CREATE TABLE labels (id INT PRIMARY KEY, label VARCHAR(20))',
        "INSERT INTO labels VALUES (1, 'one'), (2, 'two')",
      ],
      protect: (schema) => ({
        [`${schema}.users`]: {
          tenantColumn: 'tenant_id',
          columns: {
            email: { type: 'varchar(20)' },
            code: { type: 'char(5)' },
            age: { type: 'tinyint' },
            token: { type: 'varbinary(8)' },
          },
        },
      }),
      config: { policy: { localInfile: 'on' } },
    });
    // LOAD DATA without LOCAL takes the privilege FILE.
    const root = { user: server.rootUser, password: server.rootPassword, charset: 'utf8mb4' };
    ours = await proxy.connect('tenant-001', root);
    plain = await proxy.direct(root);
  });
  afterAll(async () => await proxy?.stop());
  beforeEach(async () => {
    await proxy.admin.query('DELETE FROM users; DELETE FROM plain_users');
    await proxy.admin.query(
      'ALTER TABLE users AUTO_INCREMENT = 1; ALTER TABLE plain_users AUTO_INCREMENT = 1',
    );
    await ours.query("INSERT INTO users (id, username, email) VALUES (100, 'old', 'old@x')");
    await plain.query("INSERT INTO plain_users (id, username, email) VALUES (100, 'old', 'old@x')");
    await proxy.admin.query("INSERT INTO users (id, tenant_id, username) VALUES (1, 'tenant-002', 'other')");
  });

  function fileOf(content: string | Buffer): string {
    const file = join(getServer().filesDir, `rows-${process.pid}-${Math.random().toString(36).slice(2)}.txt`);
    writeFileSync(file, content);
    chmodSync(file, 0o644);
    return file;
  }

  /** What a statement did: its OK or error. */
  async function run(connection: Connection, sql: string, file: string): Promise<unknown> {
    try {
      const options = { sql, infileStreamFactory: () => createReadStream(file) };
      const [{ affectedRows, info, warningStatus }] = await connection.query<ResultSetHeader>(options);
      return { affectedRows, info, warningStatus };
    } catch (error) {
      const { errno, message } = error as { errno: number; message: string };
      return { errno, message };
    }
  }

  async function contents(connection: Connection, table: string): Promise<unknown> {
    return await rowsOf(connection, `SELECT ${CLEAR} FROM ${table} ORDER BY username, id`);
  }

  /** All that lies in the table is ciphertext of the tenant. */
  async function expectSealed(): Promise<void> {
    const sealed = ['email', 'code', 'age', 'token'];
    const broken = sealed
      .map((name) => `(${name} IS NOT NULL AND AES_DECRYPT(${name}, ?) IS NULL)`)
      .join(' OR ');
    const key = KEYS['tenant-001'];
    expect(
      await rowsOf(
        proxy.admin,
        `SELECT id FROM users WHERE ${broken}`,
        sealed.map(() => key),
      ),
    ).toEqual([]);
    expect(await rowsOf(proxy.admin, "SELECT username FROM users WHERE tenant_id <> 'tenant-001'")).toEqual([
      { username: 'other' },
    ]);
  }

  describe.each(['', 'LOCAL '])('LOAD DATA %sINFILE', (local) => {
    const cases = EQUAL.filter(({ errno }) => local === '' || errno === undefined);
    it.each(cases)('$what', async ({ clauses, file, errno, replace }) => {
      const path = fileOf(file);
      const sql = (table: string): string =>
        `LOAD DATA ${local}INFILE '${path}' ${replace ? 'REPLACE ' : ''}INTO TABLE ${table} ${clauses}`;
      const expected = await run(plain, sql('plain_users'), path);
      if (errno === undefined) expect(expected).not.toHaveProperty('errno');
      else expect(expected).toMatchObject({ errno });
      const result = await run(ours, sql('users'), path);
      if (errno === 1062) expect(result).toMatchObject({ errno });
      else expect(result).toEqual(expected);
      expect(await contents(ours, 'users')).toEqual(await contents(plain, 'plain_users'));
      await expectSealed();
    });
  });

  it.each([
    ['LOCAL', 'LOCAL INFILE', ''],
    ['IGNORE', 'INFILE', 'IGNORE '],
  ])(
    'with %s a value that would be cut is an error, and nothing is stored',
    async (_what, infile, ignore) => {
      const path = fileOf(`ann\tann@x\nbob\t${'x'.repeat(21)}\n`);
      const sql = `LOAD DATA ${infile} '${path}' ${ignore}INTO TABLE users (username, email)`;
      expect(await run(ours, sql, path)).toEqual({
        errno: 1235,
        message: expect.stringContaining(
          'tenantcrypt[TC_UNSUPPORTED_SQL]: a value does not fit the protected column email',
        ),
      });
      expect(await rowsOf(ours, "SELECT username FROM users WHERE username <> 'old'")).toEqual([]);
      await expectSealed();
    },
  );

  it('refuses another tenant’s rows', async () => {
    const path = fileOf('tenant-001\tann\ta@x\ntenant-002\tbob\tb@x\n');
    for (const local of ['', 'LOCAL ']) {
      const sql = `LOAD DATA ${local}INFILE '${path}' INTO TABLE users (tenant_id, username, email)`;
      expect(await run(ours, sql, path)).toMatchObject({
        errno: 1227,
        message: expect.stringContaining('TC_TENANT_MISMATCH'),
      });
    }
    await expectSealed();
  });

  it('a line that ends before a protected field leaves it NULL, without the warning or error 1261', async () => {
    for (const local of ['', 'LOCAL ']) {
      const path = fileOf('ann\n');
      const sql = `LOAD DATA ${local}INFILE '${path}' INTO TABLE users (username, email)`;
      expect(await run(ours, sql, path)).toMatchObject({ affectedRows: 1 });
      expect(await rowsOf(ours, "SELECT email FROM users WHERE username = 'ann'")).toEqual([{ email: null }]);
      await ours.query("DELETE FROM users WHERE username = 'ann'");
    }
    await expectSealed();
  });

  it('without strict sql_mode a value that would be cut or converted is an error', async () => {
    await ours.query("SET sql_mode = ''");
    try {
      for (const [list, line] of [
        ['username, email', `ann\t${'x'.repeat(21)}`],
        ['username, age', 'ann\tmany'],
        ['username, age', 'ann\t'],
      ] as const) {
        const path = fileOf(`${line}\n`);
        const sql = `LOAD DATA INFILE '${path}' INTO TABLE users (${list})`;
        expect(await run(ours, sql, path), line).toMatchObject({ errno: 1235 });
      }
      const path = fileOf('ann\ta@x\n');
      expect(
        await run(ours, `LOAD DATA INFILE '${path}' INTO TABLE users (username, email)`, path),
      ).toMatchObject({
        affectedRows: 1,
      });
    } finally {
      await ours.query('SET sql_mode = DEFAULT');
    }
    await expectSealed();
  });

  it('needs a tenant', async () => {
    const path = fileOf('ann\n');
    const nobody = await proxy.connect(null);
    const { message } = await errorOf(
      nobody.query({
        sql: `LOAD DATA LOCAL INFILE '${path}' INTO TABLE users (username)`,
        infileStreamFactory: () => createReadStream(path),
      }),
    );
    expect(message).toContain('TC_NO_TENANT');
  });
});
