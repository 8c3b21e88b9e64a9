import type { Choices } from './choices.js';

/** What changes how the next statement is read or answered. */
const SETTINGS = [
  "SET sql_mode = ''",
  "SET sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES'",
  "SET sql_mode = 'PIPES_AS_CONCAT,STRICT_TRANS_TABLES'",
  "SET sql_mode = 'NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'",
  "SET sql_mode = 'HIGH_NOT_PRECEDENCE,STRICT_ALL_TABLES'",
  "SET sql_mode = 'IGNORE_SPACE,STRICT_ALL_TABLES'",
  'SET NAMES utf8mb3',
  'SET NAMES latin1',
  "SET NAMES utf8mb4 COLLATE 'utf8mb4_unicode_ci'",
  "SET character_set_results = 'latin1'",
  'SET SESSION sql_select_limit = 3',
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
];

/**
 * Changes that the next statement must not notice, or must. Not of protected tables: the harness takes them back behind
 * the proxy's back (ddl.sql has those).
 */
const DEFINITIONS = [
  'ALTER TABLE orders DROP COLUMN status',
  'ALTER TABLE orders ADD KEY by_status (status)',
  'ALTER TABLE notes ADD COLUMN extra INT',
  'CREATE TABLE made (id INT PRIMARY KEY, note VARCHAR(20))',
];

/** What runs before a statement on the same session, now and then. */
export function surroundings(choices: Choices): readonly string[] {
  if (choices.chance(30)) return [choices.pick(SETTINGS)];
  return choices.chance(400) ? [choices.pick(DEFINITIONS)] : [];
}
