/** What decides how a byte sequence is read as SQL: the server, and what the session has set on it. */

export interface ServerVersion {
  readonly kind: 'mysql' | 'mariadb';
  /** major * 10000 + minor * 100 + patch, e.g. 90704 or 101119: the form that `/*!` comments compare with. */
  readonly version: number;
}

export interface SqlMode {
  readonly ansiQuotes: boolean;
  readonly noBackslashEscapes: boolean;
  readonly pipesAsConcat: boolean;
  readonly highNotPrecedence: boolean;
  readonly ignoreSpace: boolean;
  /** STRICT_TRANS_TABLES or STRICT_ALL_TABLES. */
  readonly strict: boolean;
  /** PAD_CHAR_TO_FULL_LENGTH: values of CHAR columns come with the spaces that others leave out. */
  readonly padsChar: boolean;
  readonly noZeroDate: boolean;
  readonly noZeroInDate: boolean;
  readonly allowInvalidDates: boolean;
  /** MySQL's TIME_TRUNCATE_FRACTIONAL. */
  readonly timeTruncateFractional: boolean;
  /** MariaDB's TIME_ROUND_FRACTIONAL. */
  readonly timeRoundFractional: boolean;
  /** A flag under which statements are read in a way that we do not implement (ORACLE, MSSQL, unknown …), or null. */
  readonly unsupported: string | null;
}

export interface Dialect {
  readonly server: ServerVersion;
  readonly sqlMode: SqlMode;
  /** `@@character_set_client`, lower case, e.g. `utf8mb4`, `latin1`, `gbk`. */
  readonly characterSetClient: string;
  readonly lowerCaseTableNames: 0 | 1 | 2;
}

const KNOWN_HARMLESS = new Set(
  `REAL_AS_FLOAT ONLY_FULL_GROUP_BY NO_UNSIGNED_SUBTRACTION NO_DIR_IN_CREATE NO_AUTO_VALUE_ON_ZERO
  STRICT_TRANS_TABLES STRICT_ALL_TABLES NO_ZERO_IN_DATE NO_ZERO_DATE ALLOW_INVALID_DATES
  ERROR_FOR_DIVISION_BY_ZERO TRADITIONAL NO_AUTO_CREATE_USER NO_ENGINE_SUBSTITUTION
  PAD_CHAR_TO_FULL_LENGTH TIME_TRUNCATE_FRACTIONAL TIME_ROUND_FRACTIONAL SIMULTANEOUS_ASSIGNMENT ANSI
  ANSI_QUOTES NO_BACKSLASH_ESCAPES PIPES_AS_CONCAT HIGH_NOT_PRECEDENCE IGNORE_SPACE NO_KEY_OPTIONS
  NO_TABLE_OPTIONS NO_FIELD_OPTIONS NO_DIR_IN_CREATE IGNORE_BAD_TABLE_OPTIONS`.split(/\s+/),
);

/**
 * Reads the value of `@@sql_mode`. Unknown flags are named in `unsupported`, since a flag that changes how SQL is
 * read would make us read another statement than the server does.
 */
export function parseSqlMode(value: string): SqlMode {
  const flags = new Set(
    value
      .split(',')
      .map((flag) => flag.trim().toUpperCase())
      .filter((flag) => flag !== ''),
  );
  let unsupported: string | null = null;
  for (const flag of flags) {
    if (!KNOWN_HARMLESS.has(flag)) unsupported = flag;
  }
  return {
    ansiQuotes: flags.has('ANSI_QUOTES') || flags.has('ANSI'),
    noBackslashEscapes: flags.has('NO_BACKSLASH_ESCAPES'),
    pipesAsConcat: flags.has('PIPES_AS_CONCAT') || flags.has('ANSI'),
    highNotPrecedence: flags.has('HIGH_NOT_PRECEDENCE'),
    ignoreSpace: flags.has('IGNORE_SPACE') || flags.has('ANSI'),
    strict: flags.has('STRICT_TRANS_TABLES') || flags.has('STRICT_ALL_TABLES') || flags.has('TRADITIONAL'),
    padsChar: flags.has('PAD_CHAR_TO_FULL_LENGTH'),
    noZeroDate: flags.has('NO_ZERO_DATE') || flags.has('TRADITIONAL'),
    noZeroInDate: flags.has('NO_ZERO_IN_DATE') || flags.has('TRADITIONAL'),
    allowInvalidDates: flags.has('ALLOW_INVALID_DATES'),
    timeTruncateFractional: flags.has('TIME_TRUNCATE_FRACTIONAL'),
    timeRoundFractional: flags.has('TIME_ROUND_FRACTIONAL'),
    unsupported,
  };
}
