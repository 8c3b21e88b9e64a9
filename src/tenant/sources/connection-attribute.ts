/**
 * The values of one connection attribute (CLIENT_CONNECT_ATTRS), none or more: a client may send a name twice, and a
 * reader that kept one of the two would choose the tenant by chance. Names compare exactly, as in MySQL.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/performance-schema-connection-attribute-tables.html
 */
export function connectionAttributeValues(
  attributes: Iterable<readonly [string, string]>,
  name: string,
): readonly string[] {
  const values: string[] = [];
  for (const [key, value] of attributes) if (key === name) values.push(value);
  return values;
}
