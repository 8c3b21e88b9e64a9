import { foldLoosely, hasNonAscii, isReservedVariable } from './folding.js';
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
    } else if (tokens.isName(index) && VARIABLE_LISTS.has(foldLoosely(tokens.name(index)))) {
      rewriting.refuse('TC_RESERVED_NAME', 'the list of user variables', { start: tokens.start(index) });
    }
  }
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
