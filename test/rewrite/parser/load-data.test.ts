import { describe, expect, test } from 'vitest';
import { mariadb, mysql } from '../lexing.js';
import { dump, syntaxError } from './parsing.js';

const TREES: readonly (readonly [sql: string, tree: string])[] = [
  ["LOAD DATA INFILE 'f' INTO TABLE t", '(load t (set))'],
  ["load data low_priority local infile 'f' ignore into table db.t", '(load local ignore db.t (set))'],
  ["LOAD DATA CONCURRENT INFILE 'f' REPLACE INTO TABLE t PARTITION (p0, p1)", '(load replace t (set))'],
  [
    "LOAD DATA INFILE 'f' INTO TABLE t CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' ESCAPED BY '' LINES STARTING BY '>' TERMINATED BY '\\n' IGNORE 1 LINES (a, @b, t.c)",
    '(load t (fields a @b t.c) (set))',
  ],
  [
    "LOAD DATA INFILE 'f' INTO TABLE t COLUMNS TERMINATED BY X'09' IGNORE 2 ROWS (@a) SET b = @a + 1, c = DEFAULT;",
    '(load t (fields @a) (set b=(+ @a 1) c=DEFAULT))',
  ],
  ["LOAD DATA INFILE 'f' INTO TABLE t SET a = 1", '(load t (set a=1))'],
  ["LOAD XML INFILE 'f' INTO TABLE t", '(other LOAD)'],
  ['LOAD INDEX INTO CACHE t', '(other LOAD)'],
];

/** Statement, and `position: message`. */
const ERRORS: readonly (readonly [sql: string, error: string])[] = [
  ["LOAD DATA FROM S3 's' INTO TABLE t", '10: LOAD DATA: INFILE is missing before FROM'],
  ['LOAD DATA INFILE f INTO TABLE t', '17: INFILE: a string is missing before f'],
  ["LOAD DATA INFILE 'f' INTO t", '26: LOAD DATA: TABLE is missing before t'],
  ["LOAD DATA INFILE 'f' INTO TABLE t ()", "35: LOAD DATA: a name is missing before ')'"],
  [
    "LOAD DATA INFILE 'f' INTO TABLE t IGNORE 1",
    '42: IGNORE: LINES or ROWS is missing before the end of the statement',
  ],
  ["LOAD DATA INFILE 'f' INTO TABLE t (a) PARALLEL = 2", '38: statement: unexpected text before PARALLEL'],
];

describe.each([
  ['MySQL', mysql()],
  ['MariaDB', mariadb()],
] as const)('LOAD DATA, %s', (_, server) => {
  test.each(TREES)('%s', (sql, tree) => {
    expect(dump(sql, server)).toBe(tree);
  });

  test.each(ERRORS)('refuses %s', (sql, error) => {
    expect(syntaxError(sql, server)).toBe(error);
  });
});
