/**
 * The tenant that the current schema's name holds.
 * @returns undefined when no schema is current, or its name is none of the pattern
 */
export function databaseTenant(schema: string | null, pattern: RegExp): string | undefined {
  if (schema === null) return undefined;
  const match = pattern.exec(schema);
  if (match === null) return undefined;
  return match.groups?.['tenant'] ?? match[1] ?? match[0];
}
