import { ProxyError } from '../../errors.js';
import { readDynamicSql } from '../dynamic-sql.js';
import type { DynamicSql, Plan } from '../plan.js';
import { mayReadOtherwise } from '../rereading.js';
import type { Rewriting } from '../rewriting.js';
import type { TokenList } from '../token-list.js';
import type { UnseenSqlPolicy } from '../unseen-sql.js';
import { checkOpaque } from './other.js';

export interface DynamicSqlJudgement {
  /** null: not well-formed as far as the names go. */
  readonly dynamic: DynamicSql | null;
  /** Why it is refused: for what its string holds, or for being no string. */
  readonly refusal: ProxyError | null;
  readonly changesSchema: boolean;
  readonly runsUnseenSql: boolean;
}

export interface DynamicSqlInput {
  readonly verb: 'PREPARE' | 'EXECUTE';
  readonly rewriting: Rewriting;
  readonly list: TokenList;
  readonly policy: UnseenSqlPolicy;
  /** Finds a name in bytes, wherever it stands, that a statement on protected tables would hold. */
  readonly names: RegExp;
  /** Plans the statement in the string; null: nested too deeply. */
  readonly planNested: (sql: Buffer) => Plan | null;
}

/**
 * PREPARE s FROM '…' and EXECUTE IMMEDIATE '…': the string is a statement, and must be one to forward.
 * @throws ProxyError where the statement outside its string concerns a protected table
 */
export function judgeDynamicSql(input: DynamicSqlInput): DynamicSqlJudgement {
  const { verb, rewriting, list, policy, names } = input;
  // What may be prepared unseen may be executed unseen.
  const unseen = policy.dynamicSql === 'allow';
  const { dynamic, literal, argument } = readDynamicSql(list, rewriting.statement, rewriting.context.dialect);
  const passed = { dynamic, refusal: null, changesSchema: false, runsUnseenSql: unseen };
  // EXECUTE s: its PREPARE was checked when it passed.
  if (dynamic?.kind === 'execute') return passed;
  if (literal === null) {
    if (unseen) {
      checkOpaque(rewriting, list, 'SHOW', verb);
      return passed;
    }
    const start = list.start(Math.min(argument, list.count - 1));
    const message = `${verb} from anything but a string literal is refused (policy.dynamicSql); send the statement itself`;
    return { ...passed, refusal: new ProxyError('TC_UNSUPPORTED_SQL', message, { position: start }) };
  }
  const { sql, start } = literal;
  const nested = input.planNested(sql);
  // Parsed again after DDL, under what the session has set by then.
  const hides = mayReadOtherwise(sql) && names.test(sql.toString('latin1'));
  if (
    hides ||
    nested === null ||
    nested.outcome !== 'forward' ||
    nested.effects.tenantAssignments.length > 0 ||
    nested.effects.changesTracking === true
  ) {
    const message = `${verb} of a statement on a protected table is not supported; send the statement itself`;
    return { ...passed, refusal: new ProxyError('TC_UNSUPPORTED_SQL', message, { position: start }) };
  }
  const { effects } = nested;
  if (dynamic === null || dynamic.kind === 'deallocate') return passed;
  const prepared = { ...passed, dynamic: { ...dynamic, effects } };
  if (dynamic.kind !== 'immediate') return prepared;
  return {
    ...prepared,
    changesSchema: effects.changesSchema,
    runsUnseenSql: unseen || effects.runsUnseenSql === true || effects.changesReading === true,
  };
}
