const PLACEHOLDER = '{tenant}';

/**
 * The pattern of the tenant source `database`: plain text with `{tenant}` where the tenant id stands
 * (`app_{tenant}`), or a regular expression whose group `tenant`, or only group, is the tenant id; without a group
 * the whole name is. Anchored at both ends.
 * @returns what is wrong with it, for the configuration's error
 */
export function databasePattern(text: string): RegExp | string {
  const parts = text.split(PLACEHOLDER);
  if (parts.length > 2) return `holds ${PLACEHOLDER} twice; keep one`;
  if (parts.length === 2) {
    return new RegExp(`^(?:${parts.map(escapeRegExp).join(')(?<tenant>.+)(?:')})$`, 'su');
  }
  try {
    // Compiled alone first: `a)|(b` would otherwise close our group.
    const groups = new RegExp(`${text}|`, 'u').exec('');
    const pattern = new RegExp(`^(?:${text})$`, 'u');
    const named = groups?.groups !== undefined && 'tenant' in groups.groups;
    if ((groups?.length ?? 0) > 2 && !named) {
      return 'has several groups; name the one that holds the tenant id: (?<tenant>…)';
    }
    return pattern;
  } catch {
    return `is no pattern; write text with ${PLACEHOLDER} in it, or a regular expression (JavaScript syntax)`;
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, (character) => `\\${character}`);
}
