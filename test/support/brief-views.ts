/*
 * Rewritten statements in a form that can be read: each tenant view of the test catalog, when it is exactly as it
 * has to be, becomes «table alias», followed by what is particular about this one:
 *
 *   «users u»                     the view of users, under the alias u, with all its columns
 *   «users(id,email) u»           with these columns only, in the table's order
 *   «users u | phone=…»           with a ciphertext predicate
 *   «users u barrier»             not merged: HAVING 1
 *   «users u FOR UPDATE»          locks
 *   «users u USE INDEX (t)»       hints, PARTITION
 *
 * Whatever differs from the expected text by one byte stays as it is, and the test fails.
 */

const decrypt = (column: string): string =>
  `AES_DECRYPT(IF(CAST(@.\`tenant_id\` AS BINARY)='t1',@.\`${column}\`,NULL),@__tc_key)`;
const plain = (column: string): [string, string] => [column, `@.\`${column}\` AS \`${column}\``];
const protectedAs = (column: string, sql: string): [string, string] => [column, `${sql} AS \`${column}\``];

/** The views' columns in order, with @ for the alias, for columns whose types have no declared collation. */
const COLUMNS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  users: [
    plain('id'),
    plain('tenant_id'),
    plain('username'),
    protectedAs('email', `LEFT(CONVERT(${decrypt('encrypted_email')} USING utf8mb4),255)`),
    protectedAs('phone', `LEFT(CONVERT(${decrypt('encrypted_phone')} USING utf8mb4),32)`),
  ],
  vault: [
    plain('tenant_id'),
    plain('id'),
    protectedAs('secret', `LEFT(CONVERT(${decrypt('secret')} USING utf8mb4),10)`),
    protectedAs('age', `(CAST(${decrypt('age')} AS DECIMAL(10)) DIV 1)`),
    protectedAs('blob', `LEFT(CAST(${decrypt('blob')} AS BINARY),8)`),
    plain('note'),
  ],
};

/** Names of the columns that a select list holds; '' for all of them. null when it is anything else. */
function listed(table: string, quotedAlias: string, list: string): string | null {
  const names: string[] = [];
  const columns = COLUMNS[table] ?? [];
  let rest = `${list},`;
  for (const [name, template] of columns) {
    const sql = `${template.replaceAll('@.', `${quotedAlias}.`)},`;
    if (!rest.startsWith(sql)) continue;
    rest = rest.slice(sql.length);
    names.push(name);
  }
  if (rest !== '' || names.length === 0) return null;
  return names.length === columns.length ? '' : `(${names.join(',')})`;
}

const VIEW =
  /\(SELECT ((?:(?!\(SELECT ).)*?) FROM `tenant_app`\.`(\w+)`( PARTITION \([^)]*\))? AS `([^`]+)`( (?:USE|FORCE|IGNORE) (?:INDEX|KEY)[^)]*\))? WHERE ((?:(?!\(SELECT ).)*?)( HAVING 1)?((?: (?:FOR UPDATE|FOR SHARE|LOCK IN SHARE MODE)(?: NOWAIT| SKIP LOCKED| WAIT \d+)?)*)\) AS `\4`/g;

export function brief(sql: string): string {
  let text = sql;
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(VIEW, (...match) => {
      const [whole, columns, table, partition = '', alias, hints = '', where, barrier, locks] =
        match as string[];
      const quoted = `\`${alias}\``;
      const names = listed(table!, quoted, columns!);
      const tenant = `${quoted}.\`tenant_id\`='t1' AND CAST(${quoted}.\`tenant_id\` AS BINARY)='t1'`;
      if (names === null || !where!.startsWith(tenant)) return whole!;
      const predicates = where!
        .slice(tenant.length)
        .replaceAll(`${quoted}.`, '')
        .replaceAll(',@__tc_key)', ')');
      const more = predicates === '' ? '' : ` |${predicates.replaceAll(' AND ', ' & ').replace(' &', '')}`;
      return `«${table}${names} ${alias}${partition}${hints}${more}${barrier === undefined ? '' : ' barrier'}${locks}»`;
    });
  }
  return text;
}
