import { ProxyError } from '../../errors.js';
import { foldLoosely } from '../folding.js';
import type { SetAssignment, SetStatement } from '../parser/ast.js';
import type { TenantAssignment } from '../plan.js';
import type { Rewriting } from '../rewriting.js';
import type { TokenList } from '../token-list.js';
import { rewriteExpression } from './expression.js';
import { unwrapParentheses } from './expression-facts.js';
import { flowsFrom } from './flow.js';

/** Session variables that tenantcrypt relies on. */
const RELIED_ON = new Set(['block_encryption_mode']);

/** What of the server's reports a statement, or one of several, may set. */
export function trackingChange(tokens: TokenList): 'none' | 'schema' | 'variables' {
  let hasSet = false;
  let change: 'none' | 'schema' | 'variables' = 'none';
  for (let index = 0; index < tokens.count; index++) {
    if (tokens.is(index, 'SET')) hasSet = true;
    if (!tokens.isName(index)) continue;
    const name = foldLoosely(tokens.name(index));
    if (name === 'session_track_system_variables') change = 'variables';
    else if (name === 'session_track_schema' && change === 'none') change = 'schema';
  }
  return hasSet ? change : 'none';
}

/** SET: assignments to the tenant's variable are noted; variables that the proxy relies on are refused. */
export function analyseSet(rewriting: Rewriting, statement: SetStatement): readonly TenantAssignment[] {
  const tenantAssignments: TenantAssignment[] = [];
  for (const assignment of statement.assignments) {
    switch (assignment.kind) {
      case 'systemVariable':
        if (
          RELIED_ON.has(foldLoosely(assignment.name)) &&
          assignment.scope !== 'global' &&
          assignment.scope !== 'persist'
        ) {
          rewriting.refuse('TC_RESERVED_NAME', `the session variable ${assignment.name}`, assignment);
        }
        if (assignment.value !== null) {
          rewriteExpression(rewriting, assignment.value, { ctes: null, block: null });
        }
        break;
      case 'userVariable':
        if (isTenantVariable(rewriting, assignment.name)) {
          tenantAssignments.push(tenantAssignment(rewriting, assignment));
        }
        rewriteExpression(rewriting, assignment.value, { ctes: null, block: null });
        break;
      case 'special':
        break;
    }
  }
  if (rewriting.tables.size > 0) refuseReads(rewriting, statement, tenantAssignments.length > 0);
  return tenantAssignments;
}

/** `SET @n = (SELECT COUNT(*) FROM users)` is read like a SELECT … INTO; what else is set says how statements are read. */
function refuseReads(rewriting: Rewriting, { assignments }: SetStatement, setsTenant: boolean): void {
  for (const assignment of assignments) {
    if (assignment.kind !== 'userVariable') {
      rewriting.unsupported('a session variable in one SET with a subquery', assignment);
    }
    if (flowsFrom(rewriting, assignment.value)) {
      rewriting.refuse('TC_PLAINTEXT_ESCAPE', 'SET with a subquery over a protected table', assignment);
    }
  }
  if (setsTenant) {
    rewriting.unsupported('SET of the tenant together with a subquery', assignments[0]!);
  }
}

export function isTenantVariable(rewriting: Rewriting, name: string): boolean {
  return rewriting.tenantVariable !== null && foldLoosely(name) === foldLoosely(rewriting.tenantVariable);
}

function tenantAssignment(
  rewriting: Rewriting,
  assignment: SetAssignment & { kind: 'userVariable' },
): TenantAssignment {
  const value = unwrapParentheses(assignment.value);
  if (value.kind === 'literal') {
    if (value.type === 'null') return { kind: 'null' };
    if (value.introducer === null && (value.type === 'string' || value.type === 'integer')) {
      return { kind: 'slots', slots: value.tokens.flatMap((token) => rewriting.edits.slotsWithin(token)) };
    }
  }
  if (value.kind === 'parameter') return { kind: 'parameter', ordinal: value.ordinal };
  throw new ProxyError(
    'TC_BAD_TENANT',
    `the value assigned to @${assignment.name} can't be read by the proxy; assign a string literal`,
    { position: assignment.start },
  );
}
