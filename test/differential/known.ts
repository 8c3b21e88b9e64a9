import type { Aspect, Difference } from './compare.js';
import { knownDefinition } from './known-definitions.js';
import type { Protocol, Server } from './statement-file.js';

/** A difference that is documented: where it is seen, nothing is broken. */
export interface KnownDifference {
  readonly aspects: readonly Aspect[];
  readonly detail: RegExp;
  readonly server?: Server;
  readonly protocol?: Protocol;
  /** Of what statements only. */
  readonly statement?: RegExp;
  /** Which of what the text has captured are a case of it. */
  readonly holds?: (captured: readonly string[]) => boolean;
  /** Why it is so, or which issue ends it. */
  readonly reason: string;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    aspects: ['kind'],
    detail: /^error 1093 HY000 .* against OK \d+$/s,
    reason: 'a view of the table that is written may be read (semantics.md 20)',
  },
  {
    aspects: ['error'],
    detail: /^1093 HY000 /,
    server: 'mysql',
    reason: 'a view of the table that is written may be read, and has its own errors (semantics.md 20)',
  },
  {
    aspects: ['error'],
    detail: /^(?:1062|1048|1364) .* against (?:1264|1265|1366|1406) /s,
    protocol: 'prepared',
    reason: 'of several errors in one prepared INSERT the proxy reports those of values first',
  },
  {
    aspects: ['error', 'message'],
    detail:
      /for column (?:`[^`]+`\.`\w+`\.)?['`](\w+)['`] at row \d+ against .* for column (?:`[^`]+`\.`\w+`\.)?['`](?!\1['`])\w+['`] at row \d+$/s,
    protocol: 'prepared',
    reason: 'of several errors in one prepared INSERT the proxy reports those of values first',
  },
  {
    aspects: ['message'],
    detail: /^(?:1264|1265|1292|1366|1406): (.*) at row \d+ against \1 at row \d+$/s,
    reason: 'rows of an UPDATE are read in another order; an expression for a protected column names row 1',
  },
  {
    aspects: ['message'],
    detail:
      /^1292: (Incorrect \w+ value): '.*' for column (\S+) at row \d+ against \1 for column \2 at row \d+$/s,
    reason: 'the error of an expression for a protected date or time does not quote the value',
  },
  {
    aspects: ['kind'],
    detail: /^OK 0 against error 1292 22007 Truncated incorrect (?:DOUBLE|DECIMAL) value: /,
    server: 'mariadb',
    reason: 'a constant expression for a protected number that is none fails where no row is written, too',
  },
  {
    aspects: ['warnings'],
    detail:
      /^0 and \d+: none against Warning 1292 (?:Truncated incorrect (?:DOUBLE|DECIMAL)|Incorrect \w+) value: /,
    server: 'mariadb',
    reason:
      'a constant expression for a protected number or date that is none warns where no row is written, too',
  },
  {
    aspects: ['warnings'],
    detail:
      /^1 and [2-9]: Error 1062 .* against Warning 1292 (?:Truncated incorrect (?:DOUBLE|DECIMAL)|Incorrect \w+) value: /s,
    server: 'mariadb',
    reason:
      'a constant expression for a protected number or date that is none warns before the row fails, too',
  },
  {
    aspects: ['ok'],
    detail:
      /^warnings 0 against \d+, info .Rows matched: 0 {2}Changed: 0 {2}Warnings: 0 against .Rows matched: 0 {2}Changed: 0 {2}Warnings: \d+$/,
    server: 'mariadb',
    reason: 'a constant expression for a protected number that is none warns where no row is written, too',
  },
  {
    aspects: ['warnings'],
    detail: /^\d+ and 1: Warning 1287 'VALUES function' is deprecated.* against Error 1\d{3} /s,
    server: 'mysql',
    statement: /DUPLICATE\b.*\bVALUES\(/s,
    reason: 'what the server has warned of before an error is not kept beside it (docs/limits.md)',
  },
  {
    aspects: ['warnings'],
    detail: /^[2-9] and 1: Error (?:1264|1265|1292|1366|1406) .* against none$/s,
    server: 'mariadb',
    statement: /\b(?:insert|replace|update)\b/i,
    reason:
      'of the errors of one row MariaDB keeps all, and ours the one that the client got (docs/limits.md)',
  },
  {
    aspects: ['kind'],
    detail:
      /^OK \d+ against error 3995 HY000 Character set '\S+' cannot be used in conjunction with 'binary' in call to regexp_like/,
    server: 'mysql',
    statement: /^SET NAMES binary;/,
    reason:
      'under SET NAMES binary MySQL does not check an expression for a protected number or date (docs/limits.md)',
  },
  {
    aspects: ['message'],
    detail: /^\d+: (.*) against (.*)$/s,
    statement: /character_set_results = 'utf16'/,
    holds: ([plain = '', ours = '']) => ours.length > 10 && plain.startsWith(ours),
    reason: 'in UTF-16 the text of an error that the server raises for us loses its end (docs/limits.md)',
  },
  {
    aspects: ['ok'],
    detail:
      /^affectedRows \d+ against \d+, info .Records: \d+ {2}Duplicates: 0 {2}Warnings: 0 against .Records: \d+ {2}Duplicates: 0 {2}Warnings: 0$/s,
    statement: /^ALTER TABLE|; ALTER TABLE/,
    reason: 'DDL that copies the table counts the rows of all tenants',
  },
  {
    aspects: ['message'],
    detail:
      /^(?:1264|1265|1292|1366|1406): .* for column \S+ at row (\d+) against .* for column \S+ at row (\d+)$/s,
    protocol: 'prepared',
    statement: /^\W*(?:insert|replace)\b/i,
    holds: ([plain = '', ours = '']) => Number(plain) < Number(ours),
    reason: 'of several errors in one prepared INSERT the proxy reports those of values first',
  },
  {
    aspects: ['error'],
    detail:
      /^(?:1264|1265|1292|1366|1406) .* at row (\d+) against (?:1264|1265|1292|1366|1406) .* at row (\d+)$/s,
    protocol: 'prepared',
    statement: /^\W*(?:insert|replace)\b/i,
    holds: ([plain = '', ours = '']) => Number(plain) < Number(ours),
    reason: 'of several errors in one prepared INSERT the proxy reports those of values first',
  },
  {
    aspects: ['warnings'],
    detail: /^0 and \d+: none against Warning 1292 Truncated incorrect DOUBLE value: /,
    server: 'mysql',
    statement: /GROUP BY .*\bHAVING\b/s,
    // Plain tables: … FROM vault … WITH ROLLUP HAVING MAX(HEX(secret)) > 3, and the same joined with another table. The
    // plain table's GROUP BY of a key needs none, and that of a copied view does.
    reason: 'MySQL warns of what HAVING compares where it groups in a temporary table, and else not',
  },
  {
    aspects: ['message'],
    detail:
      /^(?:1292|1366): (Incorrect \w+ value)(: '.*') for column ``\.`\(temporary\)`\.`(\w+)` at row \d+ against \1(?:\2)? for column \S+`\3` at row \d+$/s,
    server: 'mariadb',
    reason: 'the plain table errs in a temporary table of the UPDATE and names that',
  },
  {
    aspects: ['message'],
    detail:
      /^1292: Incorrect datetime value: '(\d{4}-\d\d-\d\d)[^']*' for column '(\w+)' at row (\d+) against Incorrect datetime value: '\1[^']*' for column '\2' at row \3$/,
    server: 'mysql',
    protocol: 'prepared',
    reason: 'a parameter beyond what TIMESTAMP holds is quoted as it came, not as the column would show it',
  },
  {
    aspects: ['warnings'],
    detail:
      /^(\d+) and 0: (?:Warning 1292 Incorrect datetime value: '0000-00-00 00:00:00(?:\.0+)?' for column 'M(?:AX|IN)\([^']*\)'(?:, )?)+ against none$/,
    server: 'mysql',
    reason: 'MySQL warns of the zero with which it begins the MAX of a TIMESTAMP in a temporary table',
  },
  {
    aspects: ['ok'],
    detail: /^warnings \d against \d+$/,
    server: 'mysql',
    // The warnings themselves are compared, too.
    reason: 'VALUES(…) inside an expression for a protected column warns more often (docs/limits.md)',
  },
  {
    aspects: ['kind'],
    detail: /^0 rows against error (?:1264|1265|1292|1366|1406) /,
    server: 'mariadb',
    protocol: 'prepared',
    reason: 'RETURNING of a value that does not fit: the error comes before the definitions, not after them',
  },
  {
    aspects: ['error'],
    detail: /^1366 .* against 1264 22003 Out of range value for column/s,
    reason: 'an expression for a protected integer whose value is no number raises 1264',
  },
  {
    aspects: ['warnings'],
    detail: /^(\d+) and \1: (Warning 1292 Truncated incorrect \w+ value): .* against \2: /s,
    reason: 'rows are read in another order, and so warned about',
  },
  {
    aspects: ['warnings'],
    detail: /against Warning 1287 'VALUES function' is deprecated/,
    server: 'mysql',
    reason: 'VALUES(…) inside an expression for a protected column warns more often (docs/limits.md)',
  },
  {
    aspects: ['ok'],
    detail:
      /^warnings \d against \d+, info .Records: (\d+) {2}Duplicates: (\d+) {2}Warnings: \d+ against .Records: \1 {2}Duplicates: \2 {2}Warnings: \d+$/,
    server: 'mysql',
    reason: 'VALUES(…) inside an expression for a protected column warns more often (docs/limits.md)',
  },
  {
    aspects: ['ok'],
    detail: /^info \(?Rows matched: 0 {2}Changed: 0 {2}Warnings: 0 against $/,
    server: 'mariadb',
    reason: 'MariaDB leaves the text out where it sees that no row can match',
  },
  {
    aspects: ['ok'],
    detail: /^info {2}against \(?Rows matched: 0 {2}Changed: 0 {2}Warnings: 0$/,
    server: 'mariadb',
    reason: 'MariaDB leaves the text out where it sees that no row can match',
  },
];

/**
 * Why a difference is documented, one reason for each part of it.
 * @returns empty: it is not
 */
export function knownReasons(
  { aspect, detail, definitions }: Difference,
  head: { readonly server: Server; readonly protocol: Protocol; readonly sql: string },
): readonly string[] {
  if (definitions !== undefined) return knownDefinition(definitions.plain, definitions.ours, head);
  const found = KNOWN_DIFFERENCES.find(
    (known) =>
      known.aspects.includes(aspect) &&
      known.detail.test(detail) &&
      (known.server ?? head.server) === head.server &&
      (known.protocol ?? head.protocol) === head.protocol &&
      (known.statement?.test(head.sql) ?? true) &&
      (known.holds?.(known.detail.exec(detail)?.slice(1) ?? []) ?? true),
  );
  return found === undefined ? [] : [found.reason];
}
