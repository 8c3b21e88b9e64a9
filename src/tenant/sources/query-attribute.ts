import { type AssignedValue, UNEVALUABLE } from './user-variable.js';

/** A query attribute (CLIENT_QUERY_ATTRIBUTES) as the client sent it. */
export interface QueryAttribute {
  readonly name: string;
  /** null: SQL's NULL; undefined: of a type whose text is not known for sure. */
  readonly value: string | null | undefined;
}

/**
 * The values of the attributes that carry the tenant, none or more: a client may send a name twice. Names compare
 * exactly, as in mysql_query_attribute_string(). An attribute that is there and holds no text, NULL too, must not let
 * another source stand in: it is UNEVALUABLE.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/query-attributes.html
 */
export function queryAttributeValues(
  attributes: readonly QueryAttribute[],
  names: readonly string[],
): readonly AssignedValue[] {
  return attributes.filter(({ name }) => names.includes(name)).map(({ value }) => value ?? UNEVALUABLE);
}
