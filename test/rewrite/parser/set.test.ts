import { describe, expect, test } from 'vitest';
import { mysql } from '../lexing.js';
import { dump } from './parsing.js';

/** Read alike by both servers, or by MySQL alone. */
const MYSQL: readonly (readonly [sql: string, tree: string])[] = [
  ['SET @a = 1', '(set @a=1)'],
  ["SET @tenant_id := 'x', @`b c` = @a + 1", `(set @tenant_id='x' @b c=(+ @a 1))`],
  ['SET @a = (SELECT 1)', '(set @a=(subquery (select 1)))'],
  ['SET autocommit = 0', '(set autocommit=0)'],
  [
    'SET SESSION sql_mode = DEFAULT, GLOBAL x.y = 1, @@LOCAL.a = ON',
    '(set session sql_mode=DEFAULT global x.y=1 local a=ON)',
  ],
  ["SET @@session.`SQL_Mode` = 'ANSI', @@b := 2", `(set session sql_mode='ANSI' b=2)`],
  ['SET PERSIST a = 1', '(set persist a=1)'],
  ['SET PERSIST_ONLY a = 1', '(set persist a=1)'],
  ['SET @a = 1, GLOBAL b = c, d = utf8mb4', '(set @a=1 global b=c global d=utf8mb4)'],
  ['SET character_set_results = binary', '(set character_set_results=binary)'],
  ['SET character_set_results = NULL', '(set character_set_results=NULL)'],
  ['SET NAMES utf8mb4 COLLATE utf8mb4_bin', '(set <NAMES>)'],
  [`SET NAMES 'utf8mb4', @a = 1`, '(set <NAMES> @a=1)'],
  ['SET CHARACTER SET utf8mb4', '(set <CHARACTER SET>)'],
  ['SET CHARSET DEFAULT', '(set <CHARACTER SET>)'],
  ['SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY', '(set <TRANSACTION>)'],
  ['SET SESSION TRANSACTION READ WRITE', '(set <SESSION TRANSACTION>)'],
  [`SET ROLE r1, 'r2'@'h'`, '(set <ROLE>)'],
  ['SET DEFAULT ROLE ALL TO u', '(set <DEFAULT ROLE>)'],
  [`SET PASSWORD FOR 'u'@'h' = 'x' RETAIN CURRENT PASSWORD`, '(set <PASSWORD>)'],
  [`SET PASSWORD = 'x'`, '(set <PASSWORD>)'],
  ['SET RESOURCE GROUP g', '(set <RESOURCE GROUP>)'],
  ['SET @a = @b := 1', '(set @a=(:= @b 1))'],
  ['SET DEFAULT.key_buffer_size = 1', '(set default.key_buffer_size=1)'],
  ['SET binlog_format = ROW', '(set binlog_format=ROW)'],
  [
    'SET GLOBAL a = 1, b = 2, @x = 3, c = 4, @@d = 5, SESSION e = 6, f = 7',
    '(set global a=1 global b=2 @x=3 global c=4 d=5 session e=6 session f=7)',
  ],
  ['SET @@GLOBAL.a = 1, b = 2', '(set global a=1 b=2)'],
  ["set/**/sql_mode/* x */=/**/'ANSI'", "(set sql_mode='ANSI')"],
  ["SET -- c\n sql_mode # d\n = -- e\n 'ANSI'", "(set sql_mode='ANSI')"],
  ["SET LOCAL sql_mode := 'ANSI', @a = 1", "(set local sql_mode='ANSI' @a=1)"],
  [
    "SET character_set_results=null,names latin7,character_set_client='utf8mb4'",
    "(set character_set_results=null <NAMES> character_set_client='utf8mb4')",
  ],
  ["SET NAMES 'latin1' COLLATE 'latin1_bin', CHARSET latin1", '(set <NAMES> <CHARACTER SET>)'],
  ['SET CHAR SET latin1', '(set <CHARACTER SET>)'],
  ['SET sql_mode = `ANSI`', '(set sql_mode=ANSI)'],
  ['SET LOCAL TRANSACTION ISOLATION LEVEL READ UNCOMMITTED', '(set <LOCAL TRANSACTION>)'],
];

describe('SET', () => {
  test.each(MYSQL)('mysql: %s', (sql, tree) => {
    expect(dump(sql, mysql())).toBe(tree);
  });
});
