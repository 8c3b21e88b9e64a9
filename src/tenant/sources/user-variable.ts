/** An assignment whose value only the server could tell, as in `SET @tenant_id = (SELECT …)`. */
export const UNEVALUABLE = Symbol('unevaluable');

/** The decoded value of an assignment; null: SQL's NULL. */
export type AssignedValue = string | null | typeof UNEVALUABLE;

/**
 * A user variable's name (decoded, without `@`) folded so that names which any of the servers takes for one are one:
 * they compare without regard to case, accents and trailing spaces.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/user-variables.html
 */
export function foldVariableName(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ı', 'i').replace(/ +$/, '');
}
