/** What a statement's text says of how it is to be judged. Only for statements of this suite: no SQL parser. */

const WITHOUT_COMMENTS = /\/\*(?![!M+]).*?\*\/|^\s*(?:--\s[^\n]*|#[^\n]*)\n/gs;

/** The statement's words up to `count`, in capitals, without leading comments and parentheses. */
function firstWords(sql: string, count: number): string[] {
  const text = sql.replaceAll(WITHOUT_COMMENTS, ' ').replace(/^[\s(]+/, '');
  return text.toUpperCase().split(/[\s(;]+/, count);
}

const READS = new Set(
  'SELECT SHOW DESCRIBE DESC EXPLAIN TABLE VALUES DO SET USE CHECK CHECKSUM HELP'.split(' '),
);

/** Whether it can change nothing that lies in tables. `WITH …` may be a write. */
export function isRead(sql: string): boolean {
  const [first = ''] = firstWords(sql, 1);
  if (first === 'WITH')
    return !/\b(?:UPDATE|DELETE|INSERT|REPLACE)\b/i.test(sql.replaceAll(/FOR\s+UPDATE/gi, ''));
  if (first === 'EXPLAIN' || first === 'ANALYZE' || first === 'DESCRIBE' || first === 'DESC') return true;
  return READS.has(first) && !/;\s*\S/.test(sql);
}

export function isExplain(sql: string): boolean {
  const [first = '', second = ''] = firstWords(sql, 2);
  if (first === 'EXPLAIN') return true;
  // MariaDB's ANALYZE SELECT …; DESCRIBE of a statement.
  const statement = /^(?:SELECT|UPDATE|DELETE|INSERT|REPLACE|WITH|FORMAT=?\w*|EXTENDED|PARTITIONS)$/;
  return ['ANALYZE', 'DESCRIBE', 'DESC'].includes(first) && statement.test(second);
}

const COMMITS = new Set(
  'CREATE ALTER DROP TRUNCATE RENAME BEGIN START COMMIT ROLLBACK SAVEPOINT RELEASE LOCK UNLOCK XA FLUSH OPTIMIZE REPAIR HANDLER CALL ANALYZE EXECUTE'.split(
    ' ',
  ),
);

/** Whether a transaction around it might not take it back: what EXECUTE runs is not looked at. */
export function endsTransaction(sql: string): boolean {
  if (isExplain(sql)) return false;
  const [first = '', second = ''] = firstWords(sql, 2);
  return (
    COMMITS.has(first) || (first === 'SET' && /AUTOCOMMIT|TRANSACTION/.test(second)) || /;\s*\S/.test(sql)
  );
}

/** Whether the outermost query block orders its rows. */
export function isOrdered(sql: string): boolean {
  let text = sql.replaceAll(/'(?:[^'\\]|''|\\.)*'/gs, "''");
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replaceAll(/\([^()]*\)/g, '');
  }
  return /\border\s+by\b/i.test(text);
}
