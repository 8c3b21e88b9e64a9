import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/rewrite/catalog.js';
import { CATALOG, context, MARIADB, MYSQL, newRewriter, outcomeOf } from '../support/rewrite.js';

const both = [MYSQL, MARIADB];
const USERS = 'id INT PRIMARY KEY, tenant_id VARCHAR(64) NOT NULL';
const EMAIL = '`encrypted_email` VARBINARY(1024)';
const PHONE = '`encrypted_phone` VARBINARY(144)';

function rewritten(cases: readonly (readonly [sql: string, expected: string])[]): void {
  it.each(cases)('%s', (sql, expected) => {
    for (const dialect of both) {
      expect(outcomeOf(newRewriter(), sql, context(dialect))).toEqual({
        outcome: 'rewritten',
        sql: expected,
      });
    }
  });
}

function refused(cases: readonly (readonly [sql: string, code: string, at: string, says: string])[]): void {
  it.each(cases)('%s', (sql, code, at, says) => {
    for (const dialect of both) {
      const outcome = outcomeOf(newRewriter(), sql, context(dialect));
      expect(outcome).toMatchObject({ outcome: 'refused', code, message: expect.stringContaining(says) });
      expect(sql.slice(outcome.outcome === 'refused' ? outcome.position : 0)).toMatch(
        new RegExp(`^${at.replace(/[()]/g, '\\$&')}`),
      );
    }
  });
}

const unsupported = (sql: string, at: string, says: string) => [sql, 'TC_UNSUPPORTED_SQL', at, says] as const;
const schema = (sql: string, at: string, says: string) => [sql, 'TC_SCHEMA', at, says] as const;

describe('CREATE TABLE of a protected table', () => {
  rewritten([
    [
      `CREATE TABLE users (${USERS}, email VARCHAR(255), phone varchar ( 32 ))`,
      `CREATE TABLE users (${USERS}, ${EMAIL}, ${PHONE})`,
    ],
    [
      `create table if not exists \`tenant_app\`.\`users\` (${USERS}, \`email\` varchar(255) not null comment 'mail', n int default 5 /* n */) engine = InnoDB, comment='c'`,
      `create table if not exists \`tenant_app\`.\`users\` (${USERS}, ${EMAIL} not null comment 'mail', n int default 5 /* n */) engine = InnoDB, comment='c'`,
    ],
    [
      `CREATE TABLE users (${USERS}, email CHARACTER VARYING(255) CHARSET utf8mb4 NULL DEFAULT NULL, phone NVARCHAR(32) CHARACTER SET 'utf8mb4') DEFAULT CHARSET=utf8mb4`,
      `CREATE TABLE users (${USERS}, ${EMAIL} NULL DEFAULT NULL, ${PHONE}) DEFAULT CHARSET=utf8mb4`,
    ],
    // What is outside the column stays, the other columns' expressions and partitions included.
    [
      `CREATE TABLE users (${USERS}, email VARCHAR(255), l INT AS (id * 2) STORED, CHECK (id > 0)) PARTITION BY HASH (id) PARTITIONS 4`,
      `CREATE TABLE users (${USERS}, ${EMAIL}, l INT AS (id * 2) STORED, CHECK (id > 0)) PARTITION BY HASH (id) PARTITIONS 4`,
    ],
    // Logical and physical names may be the same; an integer needs no width.
    [
      'CREATE TABLE vault (tenant_id CHAR(36), secret VARCHAR(10), age INTEGER(11), `blob` VARBINARY(8))',
      'CREATE TABLE vault (tenant_id CHAR(36), secret VARBINARY(48), age VARBINARY(16), `blob` VARBINARY(16))',
    ],
    // A column that the configuration has may come later.
    [`CREATE TABLE users (${USERS})`, `CREATE TABLE users (${USERS})`],
  ]);

  rewritten([
    [
      `CREATE TABLE users (${USERS}, email VARCHAR(255), KEY by_mail (tenant_id, email), INDEX (email(20) DESC, id))`,
      `CREATE TABLE users (${USERS}, ${EMAIL}, KEY by_mail (tenant_id, \`encrypted_email\`), INDEX \`email\` (\`encrypted_email\` DESC, id))`,
    ],
    // The server would call the keys like the physical column.
    [
      `CREATE TABLE users (${USERS}, email VARCHAR(255) UNIQUE NOT NULL, phone VARCHAR(32), UNIQUE (email, phone), CONSTRAINT one UNIQUE (phone))`,
      `CREATE TABLE users (${USERS}, ${EMAIL}  NOT NULL, UNIQUE KEY \`email\` (\`encrypted_email\`), ${PHONE}, UNIQUE \`email_2\` (\`encrypted_email\`, \`encrypted_phone\`), CONSTRAINT one UNIQUE (\`encrypted_phone\`))`,
    ],
    [
      'CREATE TABLE vault (tenant_id INT, age INT UNIQUE)',
      'CREATE TABLE vault (tenant_id INT, age VARBINARY(16) UNIQUE)',
    ],
  ]);

  refused([
    schema('CREATE TABLE users (id INT, email VARCHAR(255))', 'users', 'without tenant_id'),
    schema('CREATE TABLE users (tenant_id DATE)', 'DATE', "can't be date"),
    schema(
      `CREATE TABLE users (${USERS}, email VARCHAR(100))`,
      'VARCHAR(100)',
      'email is varchar(100) in this statement and varchar(255) in the configuration',
    ),
    schema(`CREATE TABLE users (${USERS}, email TEXT)`, 'TEXT', 'email is text in this'),
    schema(
      'CREATE TABLE vault (tenant_id INT, age INT UNSIGNED)',
      'INT UNSIGNED',
      'age is int unsigned in this',
    ),
    schema(
      `CREATE TABLE users (${USERS}, email VARCHAR(255)) CHARSET latin1`,
      'VARCHAR',
      'of latin1 in this statement and of utf8mb4',
    ),
    schema(
      `CREATE TABLE users (${USERS}, email VARCHAR(255)) CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci`,
      'VARCHAR',
      'COLLATE utf8mb4_unicode_ci in this statement and COLLATE utf8mb4_',
    ),
    schema(
      `CREATE TABLE users (${USERS}, email VARCHAR(255) NOT NULL COLLATE utf8mb4_bin)`,
      'VARCHAR',
      'COLLATE utf8mb4_bin in this statement',
    ),
    unsupported(
      `CREATE TABLE users (${USERS}, email VARCHAR(255) DEFAULT 'x')`,
      'DEFAULT',
      'stored as plaintext',
    ),
    unsupported(
      `CREATE TABLE users (${USERS}, email VARCHAR(255) DEFAULT ('x'))`,
      'DEFAULT',
      'stored as plaintext',
    ),
    unsupported(`CREATE TABLE users (${USERS}, email VARCHAR(255) CHECK (email > ''))`, 'CHECK', 'CHECK'),
    unsupported(
      'CREATE TABLE users (tenant_id INT, email VARCHAR(255) PRIMARY KEY)',
      'PRIMARY',
      'PRIMARY KEY',
    ),
    unsupported(
      `CREATE TABLE users (tenant_id INT, email VARCHAR(255), PRIMARY KEY (tenant_id, email))`,
      'email',
      'PRIMARY KEY',
    ),
    unsupported(`CREATE TABLE users (${USERS}, email VARCHAR(255), FULLTEXT (email))`, 'email', 'FULLTEXT'),
    unsupported(
      `CREATE TABLE users (${USERS}, email VARCHAR(255), KEY ((LOWER(email))))`,
      'email',
      'functional',
    ),
    unsupported(`CREATE TABLE users (${USERS}, l INT AS (LENGTH(\`email\`)))`, '`email`', 'generated'),
    unsupported(`CREATE TABLE users (${USERS}, email VARCHAR(255) AS ('x'))`, 'AS', 'GENERATED'),
    unsupported(`CREATE TABLE users (${USERS}, CONSTRAINT c CHECK (email <> 'x'))`, 'email', 'CHECK'),
    unsupported(
      `CREATE TABLE users (${USERS}, FOREIGN KEY (email) REFERENCES orders (id))`,
      'email',
      'FOREIGN KEY',
    ),
    unsupported(`CREATE TABLE users (${USERS}) PARTITION BY KEY (email)`, 'email', 'PARTITION BY'),
    unsupported(`CREATE TABLE users (${USERS}, encrypted_email BLOB)`, 'encrypted_email', 'physical column'),
    unsupported(`CREATE TABLE users (${USERS}, emaİl TEXT)`, 'emaİl', 'may fold'),
    unsupported(
      'CREATE TABLE vault (tenant_id INT, secret VARCHAR(10), UNIQUE (secret))',
      'secret',
      'equality: exact',
    ),
    unsupported(
      `CREATE TABLE users (${USERS}, email VARCHAR(255), UNIQUE (email(9)))`,
      'email(9)',
      'beginning',
    ),
    unsupported('CREATE TEMPORARY TABLE users (id INT)', 'users', 'TEMPORARY'),
    unsupported('CREATE TABLE users LIKE orders', 'users', 'LIKE'),
    unsupported('CREATE TABLE copy LIKE users', 'users', 'LIKE'),
    unsupported(`CREATE TABLE users (${USERS}) AS SELECT 1`, 'SELECT', 'then INSERT … SELECT'),
    unsupported(`CREATE TABLE users (${USERS}) UNION = (orders)`, 'users', 'unexpected text before UNION'),
  ]);

  it('the collation that the column is given on purpose counts, the table’s default does not', () => {
    const sql = 'CREATE TABLE t (c VARCHAR(9)) COLLATE utf8mb4_bin';
    expect(outcomeOf(newRewriter(), sql, context())).toEqual({ outcome: 'forwarded' });
  });
});

describe('ALTER TABLE of a protected table', () => {
  rewritten([
    ['ALTER TABLE users ADD COLUMN extra INT NOT NULL', 'ALTER TABLE users ADD COLUMN extra INT NOT NULL'],
    [
      'ALTER TABLE users ADD email VARCHAR(255) NULL AFTER phone, ADD n INT AFTER email, ALGORITHM=INPLACE, LOCK = NONE',
      `ALTER TABLE users ADD ${EMAIL} NULL AFTER \`encrypted_phone\`, ADD n INT AFTER \`encrypted_email\`, ALGORITHM=INPLACE, LOCK = NONE`,
    ],
    [
      'ALTER TABLE users ADD (email VARCHAR(255) UNIQUE, n INT, KEY (phone))',
      `ALTER TABLE users ADD (${EMAIL} , UNIQUE KEY \`email\` (\`encrypted_email\`), n INT, KEY \`phone\` (\`encrypted_phone\`))`,
    ],
    [
      'ALTER TABLE users ADD phone VARCHAR(32) UNIQUE FIRST',
      `ALTER TABLE users ADD ${PHONE}  FIRST, ADD UNIQUE KEY \`phone\` (\`encrypted_phone\`)`,
    ],
    [
      'ALTER TABLE users MODIFY COLUMN email VARCHAR(255) NOT NULL AFTER id',
      `ALTER TABLE users MODIFY COLUMN ${EMAIL} NOT NULL AFTER id`,
    ],
    [
      'ALTER TABLE users CHANGE email email VARCHAR(255) INVISIBLE',
      `ALTER TABLE users CHANGE \`encrypted_email\` ${EMAIL} INVISIBLE`,
    ],
    [
      'ALTER TABLE users CHANGE username login VARCHAR(50) AFTER phone, RENAME INDEX a TO b',
      'ALTER TABLE users CHANGE username login VARCHAR(50) AFTER `encrypted_phone`, RENAME INDEX a TO b',
    ],
    [
      'ALTER TABLE users DROP COLUMN email, DROP phone',
      'ALTER TABLE users DROP COLUMN `encrypted_email`, DROP `encrypted_phone`',
    ],
    [
      'ALTER TABLE users RENAME COLUMN username TO login',
      'ALTER TABLE users RENAME COLUMN username TO login',
    ],
    ['ALTER TABLE users ALTER email DROP DEFAULT', 'ALTER TABLE users ALTER `encrypted_email` DROP DEFAULT'],
    [
      'ALTER TABLE users ALTER COLUMN email SET DEFAULT NULL',
      'ALTER TABLE users ALTER COLUMN `encrypted_email` SET DEFAULT NULL',
    ],
    [
      "ALTER TABLE users ALTER COLUMN username SET DEFAULT 'x'",
      "ALTER TABLE users ALTER COLUMN username SET DEFAULT 'x'",
    ],
    [
      'ALTER TABLE users ADD CONSTRAINT `u` UNIQUE (tenant_id, email), ADD INDEX (phone), DROP INDEX x, DROP PRIMARY KEY, DROP FOREIGN KEY f',
      'ALTER TABLE users ADD CONSTRAINT `u` UNIQUE (tenant_id, `encrypted_email`), ADD INDEX `phone` (`encrypted_phone`), DROP INDEX x, DROP PRIMARY KEY, DROP FOREIGN KEY f',
    ],
    [
      'ALTER TABLE users ADD FOREIGN KEY (id) REFERENCES vault (id)',
      'ALTER TABLE users ADD FOREIGN KEY (id) REFERENCES vault (id)',
    ],
    [
      "ALTER TABLE users ENGINE=InnoDB AUTO_INCREMENT 5 COMMENT 'c', FORCE, ORDER BY username",
      "ALTER TABLE users ENGINE=InnoDB AUTO_INCREMENT 5 COMMENT 'c', FORCE, ORDER BY username",
    ],
    [
      'ALTER TABLE users CONVERT TO CHARACTER SET utf8mb4',
      'ALTER TABLE users CONVERT TO CHARACTER SET utf8mb4',
    ],
  ]);

  refused([
    unsupported("ALTER TABLE users ALTER email SET DEFAULT 'x'", 'ALTER email', 'stored as plaintext'),
    unsupported('ALTER TABLE users RENAME COLUMN email TO mail', 'mail', 'rename it there'),
    unsupported('ALTER TABLE users CHANGE email mail VARCHAR(255)', 'mail', 'rename it there'),
    unsupported(
      'ALTER TABLE users RENAME COLUMN username TO email',
      'email',
      'what username holds is not encrypted',
    ),
    unsupported('ALTER TABLE users RENAME COLUMN username TO encrypted_email', 'encrypted_email', 'physical'),
    unsupported('ALTER TABLE users RENAME COLUMN email TO phone', 'phone', 'rename it there'),
    unsupported('ALTER TABLE users RENAME COLUMN tenant_id TO t', 't', 'tenantColumn'),
    unsupported('ALTER TABLE users DROP tenant_id', 'tenant_id', 'tenantColumn'),
    unsupported('ALTER TABLE users DROP encrypted_email', 'encrypted_email', 'physical'),
    unsupported('ALTER TABLE users RENAME TO people', 'RENAME', 'has the name that the configuration says'),
    unsupported('ALTER TABLE people RENAME TO users', 'users', 'has the name that the configuration says'),
    unsupported('ALTER TABLE users ORDER BY email', 'email', 'ORDER BY'),
    unsupported('ALTER TABLE users ADD CHECK (email > 1)', 'email', 'CHECK'),
    unsupported('ALTER TABLE users ADD CHECK ((SELECT 1) > 1)', '(SELECT|SELECT', 'subquery'),
    unsupported('ALTER TABLE vault ADD UNIQUE (secret)', 'secret', 'equality: exact'),
    unsupported('ALTER TABLE users PARTITION BY HASH (email)', 'email', 'PARTITION BY'),
    unsupported('ALTER TABLE users ADD PARTITION (PARTITION p VALUES IN (1))', 'users', 'ALTER'),
    unsupported('ALTER TABLE users DISCARD TABLESPACE', 'users', 'before DISCARD'),
    unsupported('ALTER TABLE orders ADD FOREIGN KEY (m) REFERENCES users (email)', 'email', 'REFERENCES'),
    schema('ALTER TABLE users MODIFY email VARCHAR(300)', 'VARCHAR(300)', 'varchar(300) in this'),
    schema('ALTER TABLE users CONVERT TO CHARACTER SET latin1', 'CONVERT', 'of latin1 in this'),
    schema('ALTER TABLE users MODIFY tenant_id DATETIME', 'DATETIME', 'tenantColumn'),
  ]);

  it('MODIFY … NOT NULL needs a strict sql_mode', () => {
    const lenient = { ...MYSQL, sqlMode: { ...MYSQL.sqlMode, strict: false } };
    const sql = 'ALTER TABLE users MODIFY email VARCHAR(255) NOT NULL';
    expect(outcomeOf(newRewriter(), sql, context(lenient))).toMatchObject({ code: 'TC_UNSUPPORTED_SQL' });
  });

  it('a column that holds plaintext does not become what is taken for ciphertext', () => {
    const vault = CATALOG.tables.get('tenant_app.vault')!;
    const columns = vault.columns.map((column) =>
      column.name === 'secret' ? { ...column, dataType: 'varchar', columnType: 'varchar(10)' } : column,
    );
    const tables = new Map([...CATALOG.tables, ['tenant_app.vault', { ...vault, columns }]]);
    const catalog: Catalog = { ...CATALOG, generation: 2, tables };
    const sql = 'ALTER TABLE vault MODIFY secret VARCHAR(10)';
    expect(outcomeOf(newRewriter(), sql, context(MYSQL, { catalog }))).toMatchObject({
      outcome: 'refused',
      code: 'TC_SCHEMA',
      message: expect.stringContaining('holds no ciphertext'),
    });
  });
});

describe('indexes, DROP, RENAME and TRUNCATE', () => {
  rewritten([
    [
      "CREATE INDEX i ON users (email DESC, id) COMMENT 'c'",
      "CREATE INDEX i ON users (`encrypted_email` DESC, id) COMMENT 'c'",
    ],
    [
      'CREATE UNIQUE INDEX i USING BTREE ON users (tenant_id, email) LOCK=NONE',
      'CREATE UNIQUE INDEX i USING BTREE ON users (tenant_id, `encrypted_email`) LOCK=NONE',
    ],
    ['CREATE INDEX i ON tenant_app.vault (secret(5))', 'CREATE INDEX i ON tenant_app.vault (`secret`)'],
    ['DROP INDEX i ON users', 'DROP INDEX i ON users'],
    ['DROP TABLE users', 'DROP TABLE users'],
    ['DROP TABLE IF EXISTS orders, users CASCADE', 'DROP TABLE IF EXISTS orders, users CASCADE'],
  ]);

  refused([
    unsupported('CREATE UNIQUE INDEX i ON vault (secret)', 'secret', 'equality: exact'),
    unsupported('CREATE FULLTEXT INDEX i ON users (email)', 'email', 'FULLTEXT'),
    unsupported('CREATE INDEX i ON users (encrypted_email)', 'encrypted_email', 'physical'),
    unsupported('RENAME TABLE users TO people', 'users', 'has the name'),
    unsupported('RENAME TABLE a TO b, b TO users', 'users', 'has the name'),
    unsupported('TRUNCATE TABLE users', 'users', "all tenants' rows"),
    unsupported('DROP VIEW user_view', 'user_view', 'view'),
    unsupported('CREATE VIEW v AS SELECT email FROM users', 'users', 'CREATE'),
    unsupported('CREATE OR REPLACE VIEW users AS SELECT 1', 'users', 'CREATE'),
    unsupported('CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW SET @a = 1', 'users', 'CREATE'),
    unsupported('CREATE PROCEDURE p() SELECT * FROM users', 'users', 'CREATE'),
  ]);
});

describe('other tables', () => {
  it.each([
    'CREATE TABLE orders (id INT PRIMARY KEY, users INT, user_id INT REFERENCES users (id) ON DELETE CASCADE)',
    'CREATE TABLE orders (id INT, FOREIGN KEY (user_id) REFERENCES tenant_app.users (id) ON UPDATE SET NULL)',
    'ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users (id), ADD INDEX users (id)',
    'CREATE TABLE other.users (email INT)',
    'DROP TABLE orders',
    'RENAME TABLE other.users TO other.people',
  ])('forwarded: %s', (sql) => {
    for (const dialect of both) {
      expect(outcomeOf(newRewriter(), sql, context(dialect))).toEqual({ outcome: 'forwarded' });
    }
  });

  it('CREATE TABLE IF NOT EXISTS … SELECT does not fire a trigger that touches a protected table', () => {
    const dependents = [{ kind: 'trigger', schema: 'tenant_app', name: 'tr', table: 'watched' }] as const;
    const catalog: Catalog = { ...CATALOG, generation: 6, dependents };
    const watched = context(MYSQL, { catalog });
    const sql = 'CREATE TABLE IF NOT EXISTS watched SELECT id FROM users';
    expect(outcomeOf(newRewriter(), sql, watched)).toMatchObject({ outcome: 'refused' });
    expect(outcomeOf(newRewriter(), sql.replace('watched', 'other'), watched).outcome).toBe('rewritten');
  });

  it('CREATE TABLE … SELECT reads through the tenant view, and takes no protected column', () => {
    for (const dialect of both) {
      const ofPlain = outcomeOf(
        newRewriter(),
        'CREATE TABLE c AS SELECT id, username FROM users',
        context(dialect),
      );
      expect(ofPlain).toMatchObject({
        outcome: 'rewritten',
        sql: expect.stringMatching(/^CREATE TABLE c AS SELECT id, username FROM .*`tenant_id`='t1'/),
      });
      for (const query of ['SELECT * FROM users', 'SELECT LEFT(email, 1) AS x FROM users', 'TABLE users']) {
        if (query.startsWith('TABLE') && dialect === MARIADB) continue;
        expect(
          outcomeOf(newRewriter(), `CREATE TABLE c (n INT) ${query}`, context(dialect)),
          query,
        ).toMatchObject({
          outcome: 'refused',
          code: 'TC_PLAINTEXT_ESCAPE',
        });
      }
    }
  });
});

describe('what a definition needs', () => {
  it('neither tenant nor key, and it changes the schema', () => {
    const rewriter = newRewriter();
    const sql = Buffer.from('ALTER TABLE users ADD COLUMN extra INT');
    const { plan } = rewriter.analyse(sql, 0, sql.length, context());
    expect(plan).toMatchObject({
      outcome: 'rewrite',
      needsTenant: false,
      needsKey: false,
      effects: { changesSchema: true, tables: ['tenant_app.users'] },
    });
  });

  it('a table without rows, where a column is added NOT NULL', () => {
    const rewriter = newRewriter();
    const sql = Buffer.from('ALTER TABLE users ADD n INT NOT NULL, ADD email VARCHAR(255) NOT NULL');
    expect(rewriter.analyse(sql, 0, sql.length, context()).plan).toMatchObject({
      outcome: 'rewrite',
      emptyTable: '`tenant_app`.`users`',
    });
    const prepared = context(MYSQL, { prepared: true });
    expect(outcomeOf(newRewriter(), sql, prepared)).toMatchObject({ code: 'TC_UNSUPPORTED_SQL' });
    const created = Buffer.from(`CREATE TABLE users (${USERS}, email VARCHAR(255) NOT NULL)`);
    expect(rewriter.analyse(created, 0, created.length, context()).plan).not.toHaveProperty('emptyTable');
  });

  it('no table that is there, or none that is as configured', () => {
    const catalog: Catalog = { ...CATALOG, generation: 3, tables: new Map() };
    const empty = context(MYSQL, { catalog });
    expect(outcomeOf(newRewriter(), `CREATE TABLE users (${USERS}, email VARCHAR(255))`, empty)).toEqual({
      outcome: 'rewritten',
      sql: `CREATE TABLE users (${USERS}, ${EMAIL})`,
    });
    expect(outcomeOf(newRewriter(), 'DROP TABLE IF EXISTS users', empty).outcome).toBe('rewritten');
    expect(outcomeOf(newRewriter(), 'ALTER TABLE users ADD phone VARCHAR(32)', empty).outcome).toBe(
      'rewritten',
    );
    // Whether the column holds ciphertext is not known.
    expect(outcomeOf(newRewriter(), 'ALTER TABLE users MODIFY phone VARCHAR(32)', empty)).toMatchObject({
      code: 'TC_SCHEMA',
    });
  });

  it('its own literals: another length is another definition', () => {
    const rewriter = newRewriter();
    const of = (length: number) =>
      outcomeOf(rewriter, `CREATE TABLE users (${USERS}, email VARCHAR(${length}))`, context()).outcome;
    expect([of(255), of(100), of(255), of(99)]).toEqual(['rewritten', 'refused', 'rewritten', 'refused']);
  });

  it('a column that holds more than it must keeps its type', () => {
    const users = CATALOG.tables.get('tenant_app.users')!;
    const columns = users.columns.map((column) => {
      if (column.name === 'encrypted_email') return { ...column, octetLength: 1040 };
      return column.name === 'encrypted_phone'
        ? { ...column, dataType: 'blob', columnType: 'blob', octetLength: 65_535 }
        : column;
    });
    const tables = new Map([...CATALOG.tables, ['tenant_app.users', { ...users, columns }]]);
    const catalog: Catalog = { ...CATALOG, generation: 5, tables };
    const sql =
      'ALTER TABLE users MODIFY email VARCHAR(255), CHANGE phone phone VARCHAR(32) NULL, ADD KEY k (email, phone)';
    expect(outcomeOf(newRewriter(), sql, context(MYSQL, { catalog }))).toEqual({
      outcome: 'rewritten',
      sql: 'ALTER TABLE users MODIFY `encrypted_email` varbinary(1040), CHANGE `encrypted_phone` `encrypted_phone` blob NULL, ADD KEY k (`encrypted_email`, `encrypted_phone`(768))',
    });
  });

  it('keys get names that the table has none of', () => {
    const users = CATALOG.tables.get('tenant_app.users')!;
    const keys = [...users.keys, { name: 'Email', unique: false, columns: ['encrypted_email'] }];
    const tables = new Map([...CATALOG.tables, ['tenant_app.users', { ...users, keys }]]);
    const catalog: Catalog = { ...CATALOG, generation: 4, tables };
    expect(
      outcomeOf(newRewriter(), 'ALTER TABLE users ADD KEY (email)', context(MYSQL, { catalog })),
    ).toEqual({
      outcome: 'rewritten',
      sql: 'ALTER TABLE users ADD KEY `email_2` (`encrypted_email`)',
    });
  });
});
