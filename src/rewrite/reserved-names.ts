import { CIPHERTEXT_PREFIX, foldLoosely, hasNonAscii, isReservedVariable } from './folding.js';
import { decodeString } from './literal.js';
import type { Span } from './parser/ast.js';
import type { Rewriting } from './rewriting.js';
import type { TokenList } from './token-list.js';

/** Tables and SHOW forms that list the user variables of sessions, ours among them (bypasses.md 3). */
const VARIABLE_LISTS = new Set(['user_variables', 'user_variables_by_thread']);

/** Refuses statements that name our session variables in whatever spelling, or lists of all variables. */
export function refuseReservedNames(rewriting: Rewriting, tokens: TokenList): void {
  for (let index = 0; index < tokens.count; index++) {
    if (tokens.isUserVariable(index)) {
      const name = tokens.userVariableName(index);
      // Servers fold accents and lookalikes in these names, each in its own way (bypasses.md 4).
      if (isReservedVariable(name) || hasNonAscii(name)) {
        rewriting.refuse('TC_RESERVED_NAME', 'this user variable name', { start: tokens.start(index) });
      }
    } else if (tokens.isName(index) && foldLoosely(tokens.name(index)).startsWith(CIPHERTEXT_PREFIX)) {
      rewriting.refuse('TC_RESERVED_NAME', 'this name', { start: tokens.start(index) });
    } else if (tokens.isName(index) && VARIABLE_LISTS.has(foldLoosely(tokens.name(index)))) {
      rewriting.refuse('TC_RESERVED_NAME', 'the list of user variables', { start: tokens.start(index) });
    }
  }
}

const XPATH_FUNCTIONS = new Set(['extractvalue', 'updatexml']);

/**
 * Refuses XPath that could name a user variable: `ExtractValue('<a/>', '$@__tc_key')` answers with the key, on both
 * servers. What is no lone string literal, or names a variable in letters that the server folds, can't be judged.
 * @returns the literals that were judged, on whose bytes the plan depends
 */
export function judgeXpath(rewriting: Rewriting, tokens: TokenList): Span[] {
  const judged: Span[] = [];
  for (let index = 0; index < tokens.count; index++) {
    if (!tokens.isName(index) || !XPATH_FUNCTIONS.has(foldLoosely(tokens.name(index)))) continue;
    if (!tokens.is(index + 1, '(') || namesTable(tokens, index)) continue;
    const at = secondArgument(tokens, index + 2);
    // A collation changes nothing of the text.
    const behind = at !== -1 && tokens.is(at + 1, 'COLLATE') && tokens.isName(at + 2) ? at + 3 : at + 1;
    const isLone = at !== -1 && tokens.isString(at) && (tokens.is(behind, ',') || tokens.is(behind, ')'));
    const span = isLone ? { start: tokens.start(at), end: tokens.end(at) } : null;
    const { statement, context } = rewriting;
    if (span === null || mayNameReserved(decodeString(statement, span.start, span.end, context.dialect))) {
      rewriting.fail(
        'TC_RESERVED_NAME',
        'XPath that is no string literal, or names a variable in a way that is not plain, could read the variables of tenantcrypt; write it as a literal without $',
        { start: tokens.start(index) },
      );
    }
    judged.push(span);
  }
  return judged;
}

/** Whether an XPath's `$` stand for more than variables with plain names that are none of ours. */
function mayNameReserved(xpath: Buffer): boolean {
  const text = xpath.toString('latin1');
  const plain = /\$@?([a-z0-9_.-]+)(?![a-z0-9_.\-\x80-\xff])/gi;
  for (const [, name = ''] of text.matchAll(plain)) if (isReservedVariable(name)) return true;
  return text.replace(plain, '').includes('$');
}

/** `CREATE TABLE extractvalue (…)`: behind these words stands a table's name, never an expression. */
function namesTable(tokens: TokenList, index: number): boolean {
  return ['TABLE', 'EXISTS', 'INTO', 'REFERENCES'].some((word) => tokens.is(index - 1, word));
}

/** Index of the first token behind the first comma of an argument list, or -1. */
function secondArgument(tokens: TokenList, first: number): number {
  let depth = 0;
  for (let index = first; index < tokens.count; index++) {
    if (tokens.is(index, '(')) depth++;
    else if (tokens.is(index, ')')) depth--;
    else if (depth === 0 && tokens.is(index, ',')) return index + 1;
    if (depth < 0) return -1;
  }
  return -1;
}

/**
 * Refuses assignments to the tenant's variable that are none of a top-level SET: whether and when they happen is
 * not known (bypasses.md 19).
 * @param topLevel offsets of the variables that a top-level SET assigns
 * @param opaque the statement was not taken apart: any mention may be an assignment
 */
export function refuseTenantAssignments(
  rewriting: Rewriting,
  tokens: TokenList,
  topLevel: ReadonlySet<number>,
  opaque: boolean,
): void {
  if (rewriting.tenantVariable === null) return;
  const variable = foldLoosely(rewriting.tenantVariable);
  const intos = rewriting.intos.flatMap((into) => into.variables);
  const written = intos.some((name) => foldLoosely(name) === variable);
  for (let index = 0; index < tokens.count; index++) {
    if (!tokens.isUserVariable(index) || foldLoosely(tokens.userVariableName(index)) !== variable) continue;
    // INTO: of EXPLAIN, whose target is in no tree.
    const assigned =
      (tokens.is(index + 1, ':=') || tokens.is(index - 1, 'INTO')) && !topLevel.has(tokens.start(index));
    if (assigned || opaque || written) {
      rewriting.fail('TC_BAD_TENANT', 'the tenant can only be assigned by a SET statement of its own', {
        start: tokens.start(index),
      });
    }
  }
}
