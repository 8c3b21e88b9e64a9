import { foldName } from '../folding.js';
import type { Rewriting } from '../rewriting.js';
import type { TokenList } from '../token-list.js';

/** Words behind which SQL hides that this statement does not show (bypasses.md 20). */
const HIDING_WORDS = new Set(['prepare', 'execute', 'call', 'atomic', 'binlog']);

/** Verbs under which those words are names or definitions: nothing is executed now. */
const DEFINING_VERBS = new Set(
  `CREATE ALTER DROP DEALLOCATE GRANT REVOKE SHOW HELP XA RENAME FLUSH KILL`.split(/\s+/),
);

/** DDL after which the catalog may be out of date. */
const SCHEMA_VERBS = new Set(['CREATE', 'ALTER', 'DROP', 'RENAME', 'TRUNCATE']);

export function changesSchema(verb: string): boolean {
  return SCHEMA_VERBS.has(verb);
}

/**
 * A statement that is not taken apart: refused when a protected table may be named in it, or when it could run SQL
 * that is not in it. Names in strings are no names.
 */
export function checkOpaque(
  rewriting: Rewriting,
  tokens: TokenList,
  verb: string,
  construct: string,
  allowed: ReadonlySet<string> = new Set(),
): void {
  refuseProtectedNames(rewriting, tokens, construct);
  if (DEFINING_VERBS.has(verb) && !definesEvent(tokens, verb)) return;
  for (let index = 0; index < tokens.count; index++) {
    if (!tokens.isWord(index)) continue;
    const word = foldName(tokens.name(index));
    if (HIDING_WORDS.has(word) && !allowed.has(word)) {
      rewriting.fail(
        'TC_UNSUPPORTED_SQL',
        `${word.toUpperCase()} runs SQL that the proxy does not see; send the statement itself (or list the routine in policy.calls)`,
        { start: tokens.start(index) },
      );
    }
  }
}

/** An event runs by itself, with dynamic SQL and procedures that no session of ours ever calls. */
function definesEvent(tokens: TokenList, verb: string): boolean {
  if (verb !== 'CREATE' && verb !== 'ALTER') return false;
  for (let index = 1; index < tokens.count; index++) if (tokens.is(index, 'EVENT')) return true;
  return false;
}

/** Refuses every identifier that could be a protected table or a view over one. */
export function refuseProtectedNames(rewriting: Rewriting, tokens: TokenList, construct: string): void {
  const schemas = namedSchemas(rewriting, tokens);
  for (let index = 0; index < tokens.count; index++) {
    if (!tokens.isName(index)) continue;
    const table = tokens.identifier(index);
    const qualified = index >= 2 && tokens.is(index - 1, '.') && tokens.isName(index - 2);
    // `FROM .users` has no schema: what stands apart from the dot may be a keyword (bypasses.md 23).
    const apart = qualified && tokens.end(index - 2) !== tokens.start(index - 1);
    const qualifier = qualified ? [tokens.identifier(index - 2)] : [];
    const candidates = qualified && !apart ? qualifier : [...qualifier, ...schemas];
    for (const schema of candidates) {
      const name = { schema, table, start: table.start, end: table.end };
      if (rewriting.protectedTable(name) !== null) rewriting.unsupported(construct, table);
    }
  }
}

/** The current schema, and every protected schema that the statement names anywhere (SHOW … FROM t FROM db). */
function namedSchemas(rewriting: Rewriting, tokens: TokenList): ReturnType<TokenList['identifier']>[] {
  const schemas: ReturnType<TokenList['identifier']>[] = [];
  const current = rewriting.context.database;
  if (current !== null) schemas.push({ name: current, quoted: false, start: 0, end: 0 });
  for (let index = 0; index < tokens.count; index++) {
    if (tokens.isName(index) && rewriting.isProtectedSchema(tokens.name(index))) {
      schemas.push(tokens.identifier(index));
    }
  }
  return schemas;
}
