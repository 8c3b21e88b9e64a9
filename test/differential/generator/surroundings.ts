import type { Choices } from './choices.js';

/** What holds while a statement runs. */
export interface Surroundings {
  readonly before: readonly string[];
  /** Of names besides the backtick. */
  readonly quotes: '"' | null;
  /** The server chooses which rows of a result the session sees. */
  readonly anyRows: boolean;
}

const MODES = [
  "''",
  "'ANSI_QUOTES,STRICT_ALL_TABLES'",
  "'PIPES_AS_CONCAT,STRICT_TRANS_TABLES'",
  "'NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'",
  "'HIGH_NOT_PRECEDENCE,STRICT_ALL_TABLES'",
  "'IGNORE_SPACE,STRICT_ALL_TABLES'",
  "'ANSI,STRICT_TRANS_TABLES'",
  "'TRADITIONAL'",
  "'STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT,HIGH_NOT_PRECEDENCE'",
  "'ERROR_FOR_DIVISION_BY_ZERO'",
  "'ONLY_FULL_GROUP_BY,STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO'",
];

const CHARACTER_SETS = [
  'SET NAMES utf8mb3',
  'SET NAMES latin1',
  "SET NAMES utf8mb4 COLLATE 'utf8mb4_unicode_ci'",
  "SET NAMES utf8mb4 COLLATE 'utf8mb4_bin'",
  "SET character_set_results = 'latin1'",
  "SET character_set_results = 'utf16'",
  'SET character_set_results = NULL',
  "SET character_set_connection = 'latin1'",
  "SET character_set_connection = 'utf16'",
  'SET NAMES gbk',
  'SET NAMES binary',
];

const OTHERS = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  'SET group_concat_max_len = 12',
  'SET group_concat_max_len = 4',
  'SET SESSION sql_select_limit = 3',
  'SET sql_safe_updates = 1',
  'SET SESSION autocommit = 1',
];

/** Changes that the next statement must not notice, or must. */
const DEFINITIONS = [
  'ALTER TABLE orders DROP COLUMN status',
  'ALTER TABLE orders ADD KEY by_status (status)',
  'ALTER TABLE notes ADD COLUMN extra INT',
  'CREATE TABLE made (id INT PRIMARY KEY, note VARCHAR(20))',
  'ALTER TABLE users ADD COLUMN extra INT DEFAULT 5',
  'ALTER TABLE users ADD COLUMN extra VARCHAR(10) AFTER email, ADD KEY by_extra (extra)',
  'ALTER TABLE accounts ADD COLUMN extra INT NOT NULL DEFAULT 0 FIRST',
  'ALTER TABLE users DROP COLUMN country',
  'ALTER TABLE users RENAME COLUMN country TO land',
  'ALTER TABLE users CHANGE visits visited INT NOT NULL DEFAULT 1',
  'ALTER TABLE users MODIFY visits BIGINT NOT NULL DEFAULT 0 AFTER id',
  'ALTER TABLE users DROP INDEX by_phone',
  'ALTER TABLE users ADD INDEX by_mail (email)',
  'CREATE INDEX by_visits ON users (visits, age)',
  'DROP INDEX by_age ON users',
  'ALTER TABLE accounts DROP COLUMN grp',
  'ALTER TABLE bookings ADD INDEX by_total (tenant_id, total)',
  'ALTER TABLE vault ADD COLUMN extra DATE, ADD INDEX by_secret (secret)',
];

/** What runs before a statement on the same session, now and then. */
export function surroundings(choices: Choices): Surroundings {
  const before: string[] = [];
  if (choices.chance(14)) before.push(`SET sql_mode = ${choices.pick(MODES)}`);
  if (choices.chance(30)) before.push(choices.pick(CHARACTER_SETS));
  if (choices.chance(40)) before.push(choices.pick(OTHERS));
  if (choices.chance(250)) before.push(choices.pick(DEFINITIONS));
  return {
    before,
    quotes: before.some((sql) => sql.includes('ANSI')) ? '"' : null,
    anyRows: before.includes('SET SESSION sql_select_limit = 3'),
  };
}
