import { describe, expect, it } from 'vitest';
import type { CatalogColumn } from '../../../src/rewrite/catalog.js';
import { type Dialect, parseSqlMode } from '../../../src/rewrite/dialect.js';
import { catalogOfSchemaFile } from '../../../src/rewrite/schema-file/catalog-of-schema-file.js';
import { readSchemaFile, type SchemaFile } from '../../../src/rewrite/schema-file/schema-file.js';

const MYSQL: Dialect = {
  server: { kind: 'mysql', version: 90_704 },
  sqlMode: parseSqlMode(''),
  characterSetClient: 'utf8mb4',
  lowerCaseTableNames: 0,
};
const MARIADB: Dialect = { ...MYSQL, server: { kind: 'mariadb', version: 101_114 } };

function read(text: string, dialect = MYSQL, database: string | null = 'app'): SchemaFile {
  return readSchemaFile(Buffer.from(text), { dialect, database, isWanted: () => true });
}

function columnOf(definition: string, dialect = MYSQL, options = ''): CatalogColumn {
  const file = read(`CREATE TABLE t (${definition})${options}`, dialect);
  expect(file.problems).toEqual([]);
  return file.tables.get('app.t')?.columns[0] as CatalogColumn;
}

const PLAIN: CatalogColumn = {
  name: 'c',
  dataType: 'int',
  columnType: 'int',
  characterSet: null,
  collation: null,
  nullable: true,
  defaultValue: null,
  autoIncrement: false,
  generated: false,
  invisible: false,
  octetLength: null,
};
const UTF8 = { characterSet: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci' };

describe('column definitions', () => {
  const cases: readonly [string, Partial<CatalogColumn>][] = [
    ['c int', {}],
    ['c INTEGER(11) UNSIGNED NOT NULL', { columnType: 'int unsigned', nullable: false }],
    ['c bigint DEFAULT NULL', { dataType: 'bigint', columnType: 'bigint' }],
    ['c bool DEFAULT 1', { dataType: 'tinyint', columnType: 'tinyint(1)', defaultValue: '1' }],
    ["c int DEFAULT -1 COMMENT 'a, b)'", { defaultValue: '-1' }],
    ['c serial', { dataType: 'bigint', columnType: 'bigint unsigned', nullable: false, autoIncrement: true }],
    ['c decimal(10, 2)', { dataType: 'decimal', columnType: 'decimal(10,2)' }],
    ['c numeric', { dataType: 'decimal', columnType: 'decimal(10,0)' }],
    ['c double precision', { dataType: 'double', columnType: 'double' }],
    ['`c` varchar(255)', { dataType: 'varchar', columnType: 'varchar(255)', ...UTF8, octetLength: 1020 }],
    ['c character varying(10)', { dataType: 'varchar', columnType: 'varchar(10)', ...UTF8, octetLength: 40 }],
    [
      "c char DEFAULT 'it''s'",
      { dataType: 'char', columnType: 'char(1)', ...UTF8, octetLength: 4, defaultValue: "it's" },
    ],
    ['c text', { dataType: 'text', columnType: 'text', ...UTF8, octetLength: 65_535 }],
    [
      'c varchar(9) CHARACTER SET latin1 COLLATE latin1_bin',
      {
        dataType: 'varchar',
        columnType: 'varchar(9)',
        characterSet: 'latin1',
        collation: 'latin1_bin',
        octetLength: 9,
      },
    ],
    [
      "c varchar(9) CHARSET 'latin1'",
      {
        dataType: 'varchar',
        columnType: 'varchar(9)',
        characterSet: 'latin1',
        collation: 'latin1_swedish_ci',
        octetLength: 9,
      },
    ],
    [
      'c varchar(9) COLLATE utf8mb4_bin',
      {
        dataType: 'varchar',
        columnType: 'varchar(9)',
        characterSet: 'utf8mb4',
        collation: 'utf8mb4_bin',
        octetLength: 36,
      },
    ],
    [
      'c varchar(9) CHARACTER SET binary',
      { dataType: 'varbinary', columnType: 'varbinary(9)', octetLength: 9 },
    ],
    [
      'c VARBINARY(272) NOT NULL',
      { dataType: 'varbinary', columnType: 'varbinary(272)', nullable: false, octetLength: 272 },
    ],
    ['c blob', { dataType: 'blob', columnType: 'blob', octetLength: 65_535 }],
    ["c enum('a','b)')", { dataType: 'enum', columnType: "enum('a','b)')", ...UTF8 }],
    ['c json', { dataType: 'json', columnType: 'json' }],
    [
      'c timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)',
      {
        dataType: 'timestamp',
        columnType: 'timestamp(6)',
        nullable: false,
        defaultValue: 'CURRENT_TIMESTAMP(6)',
      },
    ],
    ['c int GENERATED ALWAYS AS (a + (b)) STORED', { generated: true }],
    ['c int AS (a) VIRTUAL NOT NULL', { generated: true, nullable: false }],
    ['c int /*!80023 INVISIBLE */', { invisible: true }],
    ['c int NOT NULL AUTO_INCREMENT PRIMARY KEY', { nullable: false, autoIncrement: true }],
    ['c int KEY', { nullable: false }],
    ['c int REFERENCES other (id) ON DELETE CASCADE', {}],
    ['c int CHECK (c > 0)', {}],
    ['c int -- the last one, really\n', {}],
  ];
  it.each(cases)('%s', (definition, expected) => {
    expect(columnOf(definition)).toEqual({ ...PLAIN, ...expected });
  });

  it('says on MariaDB what MariaDB says', () => {
    expect(columnOf("c varchar(9) DEFAULT 'x'", MARIADB)).toMatchObject({
      collation: 'utf8mb4_general_ci',
      defaultValue: "'x'",
    });
    expect(columnOf('c json', MARIADB)).toMatchObject({ dataType: 'longtext' });
    expect(columnOf('c int(11)', MARIADB)).toMatchObject({ columnType: 'int(11)' });
  });

  it.each([
    [') DEFAULT CHARSET=latin1', 'latin1', 'latin1_swedish_ci'],
    [') ENGINE=InnoDB COLLATE utf8mb4_bin', 'utf8mb4', 'utf8mb4_bin'],
    [") CHARACTER SET = 'utf8' COMMENT='x'", 'utf8mb3', 'utf8mb3_general_ci'],
    [') PARTITION BY HASH (c) PARTITIONS 4', 'utf8mb4', 'utf8mb4_0900_ai_ci'],
  ])("takes the table's character set from %s", (options, characterSet, collation) => {
    const file = read(`CREATE TABLE t (c varchar(9)${options}`);
    expect(file.problems).toEqual([]);
    expect(file.tables.get('app.t')?.columns[0]).toMatchObject({ characterSet, collation });
  });

  it("takes the schema's character set from CREATE DATABASE", () => {
    const file = read(
      'CREATE DATABASE app DEFAULT CHARACTER SET latin1; CREATE TABLE app.t (c char(3))',
      MYSQL,
      null,
    );
    expect(file.tables.get('app.t')?.columns[0]).toMatchObject({ characterSet: 'latin1', octetLength: 3 });
  });
});

describe('keys', () => {
  it.each([
    ['a int PRIMARY KEY', [{ name: 'PRIMARY', unique: true, columns: ['a'] }]],
    ['a int UNIQUE', [{ name: 'a', unique: true, columns: ['a'] }]],
    [
      'a int, PRIMARY KEY USING BTREE (a, `b` DESC)',
      [{ name: 'PRIMARY', unique: true, columns: ['a', 'b'] }],
    ],
    ['a int, CONSTRAINT u UNIQUE (a)', [{ name: 'u', unique: true, columns: ['a'] }]],
    ['a int, CONSTRAINT UNIQUE KEY `k` (a)', [{ name: 'k', unique: true, columns: ['a'] }]],
    ["a text, KEY k (a(10)) USING BTREE COMMENT 'x'", [{ name: 'k', unique: false, columns: ['a(10)'] }]],
    ['a int, INDEX ((a + 1), a)', [{ name: '', unique: false, columns: ['', 'a'] }]],
    ['a text, FULLTEXT KEY f (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES o (a), CHECK (a > 0)', []],
  ])('%s', (definitions, keys) => {
    const file = read(`CREATE TABLE t (${definitions})`);
    expect(file.problems).toEqual([]);
    expect(file.tables.get('app.t')?.keys).toEqual(keys);
  });

  it('makes the columns of a primary key NOT NULL', () => {
    const table = read('CREATE TABLE t (a int, b int, PRIMARY KEY (A))').tables.get('app.t');
    expect(table?.columns.map((column) => column.nullable)).toEqual([false, true]);
  });
});

describe('scripts', () => {
  it('reads a dump of mysqldump', () => {
    const file = read(
      `-- MySQL dump 10.13  Distrib 9.7.4
/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
CREATE DATABASE /*!32312 IF NOT EXISTS*/ \`tenant_app\` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin */;
USE \`tenant_app\`;
DROP TABLE IF EXISTS \`users\`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE \`users\` (
  \`id\` bigint NOT NULL AUTO_INCREMENT,
  \`encrypted_email\` varbinary(1024) DEFAULT NULL,
  \`username\` varchar(64) COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (\`id\`),
  UNIQUE KEY \`username\` (\`username\`)
) ENGINE=InnoDB AUTO_INCREMENT=3 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
LOCK TABLES \`users\` WRITE;
/*!40000 ALTER TABLE \`users\` DISABLE KEYS */;
INSERT INTO \`users\` VALUES (1,NULL,'CREATE TABLE users (x int);');
/*!40000 ALTER TABLE \`users\` ENABLE KEYS */;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=\`root\`@\`%\`*/ /*!50003 TRIGGER \`audit\` BEFORE INSERT ON \`users\` FOR EACH ROW BEGIN
  INSERT INTO log VALUES (NEW.id); END */;;
DELIMITER ;
/*!50001 CREATE ALGORITHM=UNDEFINED */
/*!50013 DEFINER=\`root\`@\`%\` SQL SECURITY DEFINER */
/*!50001 VIEW \`v\` AS select \`users\`.\`id\` AS \`id\` from \`users\` */;
`,
      MYSQL,
      null,
    );
    expect(file.problems).toEqual([]);
    expect([...file.tables.keys()]).toEqual(['tenant_app.users']);
    expect(file.tables.get('tenant_app.users')?.columns.map((column) => column.columnType)).toEqual([
      'bigint',
      'varbinary(1024)',
      'varchar(64)',
    ]);
    expect(file.objects.map(({ dependent }) => dependent)).toEqual([
      { kind: 'trigger', schema: 'tenant_app', name: 'audit', table: 'users' },
      { kind: 'view', schema: 'tenant_app', name: 'v' },
    ]);
  });

  it('obeys USE, qualified names, IF NOT EXISTS, LIKE and OR REPLACE, and no temporary table', () => {
    const file = read(
      `CREATE TABLE a (x int); CREATE TABLE IF NOT EXISTS a (y int); USE other; CREATE TABLE b LIKE app.a;
       CREATE TABLE third.c (z int); CREATE OR REPLACE TABLE b (w int); CREATE TEMPORARY TABLE app.a (q int)`,
    );
    expect(
      [...file.tables].map(([name, table]) => [name, table.columns.map((column) => column.name)]),
    ).toEqual([
      ['app.a', ['x']],
      ['other.b', ['w']],
      ['third.c', ['z']],
    ]);
  });

  it.each([
    ['CREATE TABLE t (c int', "its CREATE TABLE can't be read: ) expected"],
    [
      "CREATE TABLE t (c int COMMENT 'x)",
      "its CREATE TABLE can't be read: a quote or comment in it does not end",
    ],
    ['CREATE TABLE t AS SELECT 1', "its CREATE TABLE can't be read: ( expected"],
    [
      'CREATE TABLE t (c int) SELECT 1',
      "its CREATE TABLE can't be read: its columns come from a SELECT as well; give the result of SHOW CREATE TABLE",
    ],
    [
      'CREATE TABLE t (c int); ALTER TABLE t ADD KEY (c)',
      'an ALTER TABLE of it is not read; give the result of SHOW CREATE TABLE',
    ],
  ])('reports %s', (text, message) => {
    expect(read(text).problems).toEqual([{ table: 'app.t', message }]);
  });

  it('reports nothing of tables that nobody asked for', () => {
    const file = readSchemaFile(Buffer.from('CREATE TABLE t (; CREATE TABLE u (a int)'), {
      dialect: MYSQL,
      database: 'app',
      isWanted: (_schema, table) => table === 'u',
    });
    expect(file.problems).toEqual([]);
    expect([...file.tables.keys()]).toEqual(['app.u']);
  });

  it('names objects with their tables', () => {
    const objects = read(
      `CREATE OR REPLACE DEFINER=root@localhost SQL SECURITY INVOKER VIEW v AS SELECT * FROM users;
       CREATE TRIGGER t BEFORE INSERT ON app.users FOR EACH ROW SET NEW.a = 1;
       CREATE PROCEDURE IF NOT EXISTS app.p() SELECT 1; CREATE FUNCTION f() RETURNS int RETURN 1;
       CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM users; CREATE INDEX i ON users (a)`,
    ).objects;
    expect(objects.map(({ dependent }) => dependent)).toEqual([
      { kind: 'view', schema: 'app', name: 'v' },
      { kind: 'trigger', schema: 'app', name: 't', table: 'users' },
      { kind: 'routine', schema: 'app', name: 'p' },
      { kind: 'routine', schema: 'app', name: 'f' },
      { kind: 'event', schema: 'app', name: 'e' },
    ]);
  });

  it('becomes a catalog under the configured names, folded where the server folds', () => {
    const file = read('CREATE TABLE App.Users (a int)');
    const configured = [
      { schema: 'app', table: 'users', tenantColumn: undefined, columns: new Map() },
      { schema: 'app', table: 'orders', tenantColumn: undefined, columns: new Map() },
    ];
    expect([...catalogOfSchemaFile(file, configured, 0, []).tables.keys()]).toEqual([]);
    const folded = catalogOfSchemaFile(file, configured, 1, []);
    expect([...folded.tables]).toMatchObject([['app.users', { schema: 'app', name: 'users' }]]);
  });

  it('never fails on a script that is cut short anywhere', () => {
    const script = `CREATE DATABASE d CHARSET latin1; USE d; ALTER TABLE d.t ADD x int; CREATE TABLE IF NOT EXISTS d.t (
      a varchar(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'x' COMMENT 'y', b int AS (1 + (2)) STORED,
      c decimal(1,2) unsigned DEFAULT -1.5 ON UPDATE now(3), CONSTRAINT k UNIQUE KEY u USING BTREE (a(2) DESC, (b + 1)),
      CHECK (a > 0)) CHARSET = latin1, UNION = (x, y) PARTITION BY HASH (a); CREATE TABLE l LIKE d.t;
      CREATE DEFINER = r@h VIEW d.v AS SELECT 1; CREATE TRIGGER d.g AFTER DELETE ON d.t FOR EACH ROW SET @a = 1; END`;
    expect(read(script).tables.size).toBe(2);
    for (let end = 0; end <= script.length; end++) {
      const file = read(script.slice(0, end));
      for (const problem of file.problems)
        expect(problem.message).toMatch(/^(its CREATE TABLE|an ALTER TABLE)/);
    }
  });
});
