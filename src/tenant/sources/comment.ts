import { type AssignedValue, UNEVALUABLE } from './user-variable.js';

// Comments as sqlcommenter writes them: a list of key='value' with commas between, keys and values percent-encoded, a
// quote in a value behind a backslash. https://google.github.io/sqlcommenter/spec/

const PAIR = /\s*([A-Za-z0-9._~%*-]+)\s*=\s*'((?:[^'\\]|\\.)*)'\s*(,|$)/.source;

/**
 * What a statement's comments say of the tenant: none or more values; UNEVALUABLE for a comment that names the tenant
 * and is no list of pairs. That may be the application's own comment, swallowed by what was injected in front of it
 * (a line comment, say): the comments that are left must not decide then.
 * @param comments of every form, delimiters included, one character a byte
 */
export function commentTenants(
  comments: readonly string[],
  keys: readonly string[],
): readonly AssignedValue[] {
  return comments.flatMap((comment) => keys.flatMap((key) => tenantsOf(comment, key)));
}

function tenantsOf(comment: string, key: string): readonly AssignedValue[] {
  if (!namesKey(comment, key)) return [];
  const pairs = pairsOf(comment);
  if (pairs === null) return [UNEVALUABLE];
  return pairs.flatMap(([name, value]): AssignedValue[] => {
    if (name === key) return [value];
    // Misspelt, the tenant must not turn into another source's.
    return name.toLowerCase() === key.toLowerCase() ? [UNEVALUABLE] : [];
  });
}

/** Whether the key and an equals sign stand anywhere in the comment, in any case and encoding. */
function namesKey(comment: string, key: string): boolean {
  const escaped = key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const decoded = comment.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return new RegExp(`(?<![A-Za-z0-9_.-])${escaped}\\s*=`, 'i').test(decoded);
}

/** null: no list of pairs. */
function pairsOf(comment: string): readonly (readonly [string, string])[] | null {
  if (!comment.startsWith('/*') || !comment.endsWith('*/') || /^\/\*(!|M!|\+)/.test(comment)) return null;
  const body = comment.slice(2, -2);
  // In other character sets than UTF-8 a backslash may be half of a character; the format has none of these bytes.
  if (!/^[\t\n\r -~]*$/.test(body)) return null;
  const pair = new RegExp(PAIR, 'sy');
  const pairs: [string, string][] = [];
  for (let separator = ','; separator !== ''; ) {
    const match = pair.exec(body);
    if (match === null) return null;
    const [, name = '', value = '', next = ''] = match;
    separator = next;
    try {
      pairs.push([decodeURIComponent(name), decodeURIComponent(value.replace(/\\(.)/gs, '$1'))]);
    } catch {
      return null;
    }
  }
  return pairs;
}
