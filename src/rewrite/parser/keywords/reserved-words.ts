import type { ServerVersion } from '../../dialect.js';

/**
 * The reserved words: unquoted, they are no identifiers. Measured on MySQL 9.7.4 and MariaDB 10.11.19 by asking each
 * server for `SELECT 1 AS word`, for every word of information_schema.KEYWORDS of either server.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/keywords.html
 * https://mariadb.com/kb/en/reserved-words/
 */
const BOTH = `
  ACCESSIBLE ADD ALL ALTER ANALYZE AND AS ASC ASENSITIVE BEFORE BETWEEN BIGINT BINARY BLOB BOTH BY CALL
  CASCADE CASE CHANGE CHAR CHARACTER CHECK COLLATE COLUMN CONDITION CONSTRAINT CONTINUE CONVERT CREATE
  CROSS CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER CURSOR DATABASES DAY_HOUR DAY_MICROSECOND
  DAY_MINUTE DAY_SECOND DEC DECIMAL DECLARE DEFAULT DELAYED DELETE DESC DESCRIBE DETERMINISTIC DISTINCT
  DISTINCTROW DIV DOUBLE DROP DUAL EACH ELSE ELSEIF ENCLOSED ESCAPED EXCEPT EXISTS EXIT EXPLAIN FALSE FETCH
  FLOAT FLOAT4 FLOAT8 FOR FORCE FOREIGN FROM FULLTEXT GRANT GROUP HAVING HIGH_PRIORITY HOUR_MICROSECOND
  HOUR_MINUTE HOUR_SECOND IF IGNORE IN INDEX INFILE INNER INOUT INSENSITIVE INSERT INT INT1 INT2 INT3 INT4
  INT8 INTEGER INTERVAL INTO IS ITERATE JOIN KEY KEYS KILL LEADING LEAVE LEFT LIKE LIMIT LINEAR LINES LOAD
  LOCALTIME LOCALTIMESTAMP LOCK LONG LONGBLOB LONGTEXT LOOP LOW_PRIORITY MATCH MAXVALUE MEDIUMBLOB
  MEDIUMINT MEDIUMTEXT MIDDLEINT MINUTE_MICROSECOND MINUTE_SECOND MOD MODIFIES NATURAL NOT
  NO_WRITE_TO_BINLOG NULL NUMERIC ON OPTIMIZE OPTIONALLY OR ORDER OUT OUTER OUTFILE OVER PARTITION
  PRECISION PRIMARY PROCEDURE PURGE RANGE READ READS READ_WRITE REAL RECURSIVE REFERENCES REGEXP RELEASE
  RENAME REPEAT REPLACE REQUIRE RESIGNAL RESTRICT RETURN REVOKE RIGHT RLIKE ROWS ROW_NUMBER SCHEMAS
  SECOND_MICROSECOND SELECT SENSITIVE SEPARATOR SET SHOW SIGNAL SMALLINT SPATIAL SPECIFIC SQL SQLEXCEPTION
  SQLSTATE SQLWARNING SQL_BIG_RESULT SQL_CALC_FOUND_ROWS SQL_SMALL_RESULT SSL STARTING STRAIGHT_JOIN TABLE
  TERMINATED THEN TINYBLOB TINYINT TINYTEXT TO TRAILING TRIGGER TRUE UNDO UNION UNIQUE UNLOCK UNSIGNED
  UPDATE USAGE USE USING UTC_DATE UTC_TIME UTC_TIMESTAMP VALUES VARBINARY VARCHAR VARCHARACTER VARYING WHEN
  WHERE WHILE WITH WRITE XOR YEAR_MONTH ZEROFILL
`;

const MYSQL = `
  CUBE CUME_DIST DATABASE DENSE_RANK EMPTY FIRST_VALUE FUNCTION GENERATED GET GROUPING GROUPS
  IO_AFTER_GTIDS IO_BEFORE_GTIDS JSON_TABLE LAG LAST_VALUE LEAD NTH_VALUE NTILE OF OPTIMIZER_COSTS OPTION
  PERCENT_RANK RANK ROW SCHEMA STORED SYSTEM VIRTUAL WINDOW
`;

/** Words that became reserved after MySQL 8.0.0, with the version, or were so until a version. */
const MYSQL_BETWEEN: readonly (readonly [word: string, since: number, until: number])[] = [
  ['EXTERNAL', 90400, Number.POSITIVE_INFINITY],
  ['INTERSECT', 80031, Number.POSITIVE_INFINITY],
  ['LATERAL', 80014, Number.POSITIVE_INFINITY],
  ['LIBRARY', 90200, Number.POSITIVE_INFINITY],
  ['MASTER_BIND', 0, 80400],
  ['MASTER_SSL_VERIFY_SERVER_CERT', 0, 80400],
  ['QUALIFY', 80400, Number.POSITIVE_INFINITY],
  ['TABLESAMPLE', 80400, Number.POSITIVE_INFINITY],
];

const MARIADB = `
  CURRENT_ROLE DELETE_DOMAIN_ID DO_DOMAIN_IDS IGNORE_DOMAIN_IDS INTERSECT MASTER_DEMOTE_TO_REPLICA
  MASTER_DEMOTE_TO_SLAVE MASTER_SSL_VERIFY_SERVER_CERT OFFSET PAGE_CHECKSUM PARSE_VCOL_EXPR PORTION
  REF_SYSTEM_ID RETURNING STATS_AUTO_RECALC STATS_PERSISTENT STATS_SAMPLE_PAGES
`;

/** Reserved only as an alias without AS: the server takes them for the operators SOUNDS LIKE and MEMBER OF. */
const NO_BARE_SELECT_ALIAS: Record<ServerVersion['kind'], readonly string[]> = {
  mysql: ['SOUNDS', 'MEMBER'],
  mariadb: ['SOUNDS'],
};

/** MariaDB's WINDOW is an identifier, but no alias of a table. */
const NO_TABLE_ALIAS: Record<ServerVersion['kind'], readonly string[]> = { mysql: [], mariadb: ['WINDOW'] };

/** What unquoted words are on one server. All words are in upper case. */
export interface ReservedWords {
  readonly reserved: ReadonlySet<string>;
  readonly noBareSelectAlias: ReadonlySet<string>;
  readonly noTableAlias: ReadonlySet<string>;
}

const perServer = new Map<string, ReservedWords>();

/** The reserved words of a server and version. */
export function reservedWords(server: ServerVersion): ReservedWords {
  const key = `${server.kind} ${server.version}`;
  const known = perServer.get(key);
  if (known !== undefined) return known;
  const words = build(server);
  // A handful of servers at most; a map that grew with what clients send would be a leak.
  if (perServer.size < 16) perServer.set(key, words);
  return words;
}

function build(server: ServerVersion): ReservedWords {
  const reserved = new Set(split(BOTH));
  for (const word of split(server.kind === 'mysql' ? MYSQL : MARIADB)) reserved.add(word);
  if (server.kind === 'mysql') {
    for (const [word, since, until] of MYSQL_BETWEEN) {
      if (server.version >= since && server.version < until) reserved.add(word);
    }
  }
  return {
    reserved,
    noBareSelectAlias: new Set(NO_BARE_SELECT_ALIAS[server.kind]),
    noTableAlias: new Set(NO_TABLE_ALIAS[server.kind]),
  };
}

function split(words: string): string[] {
  return words.trim().split(/\s+/);
}
