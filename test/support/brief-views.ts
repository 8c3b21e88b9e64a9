/*
 * Rewritten statements in a form that can be read: each tenant view of the test catalog, when it is exactly as it
 * has to be, becomes «table alias», followed by what is particular about this one:
 *
 *   «users u»                     the view of users, under the alias u
 *   «users u | phone=…»           with a ciphertext predicate
 *   «users u barrier»             not merged: HAVING 1
 *   «users u FOR UPDATE»          locks
 *   «users u USE INDEX (t)»       hints, PARTITION
 *
 * Whatever differs from the expected text by one byte stays as it is, and the test fails.
 */

const decrypt = (column: string): string =>
  `AES_DECRYPT(IF(@.\`tenant_id\`='t1',@.\`${column}\`,NULL),@__tc_key)`;
const plain = (column: string): string => `@.\`${column}\` AS \`${column}\``;

/** The views' select lists with @ for the alias, for columns whose types have no declared collation. */
const COLUMNS: Readonly<Record<string, string>> = {
  users: [
    plain('id'),
    plain('tenant_id'),
    plain('username'),
    `CONVERT(${decrypt('encrypted_email')} USING utf8mb4) AS \`email\``,
    `CONVERT(${decrypt('encrypted_phone')} USING utf8mb4) AS \`phone\``,
  ].join(','),
  vault: [
    plain('tenant_id'),
    plain('id'),
    `CONVERT(${decrypt('secret')} USING utf8mb4) AS \`secret\``,
    `CAST(CONVERT(${decrypt('age')} USING utf8mb4) AS SIGNED) AS \`age\``,
    `CAST(${decrypt('blob')} AS BINARY) AS \`blob\``,
    plain('note'),
  ].join(','),
};

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
      const expected = COLUMNS[table!]?.replaceAll('@.', `${quoted}.`);
      const tenant = `${quoted}.\`tenant_id\`='t1' AND CAST(${quoted}.\`tenant_id\` AS BINARY)='t1'`;
      if (columns !== expected || !where!.startsWith(tenant)) return whole!;
      const predicates = where!
        .slice(tenant.length)
        .replaceAll(`${quoted}.`, '')
        .replaceAll(',@__tc_key)', ')');
      const more = predicates === '' ? '' : ` |${predicates.replaceAll(' AND ', ' & ').replace(' &', '')}`;
      return `«${table} ${alias}${partition}${hints}${more}${barrier === undefined ? '' : ' barrier'}${locks}»`;
    });
  }
  return text;
}
