import { foldName } from './folding.js';
import type { Rewriting } from './rewriting.js';
import type { TokenList } from './token-list.js';

/** What the configuration lets pass of SQL that is not in the statement. */
export interface UnseenSqlPolicy {
  /** Folded `schema.routine` that CALL may name; `*`: all. */
  readonly calls: ReadonlySet<string>;
  /** allow: SQL that is no string literal may be prepared and executed. */
  readonly dynamicSql: 'refuse' | 'allow';
}

/** SQL that a statement runs without holding it: routines, stored functions, triggers. */
export class UnseenSql {
  private readonly policy: UnseenSqlPolicy;
  private readonly rewriting: Rewriting;
  private readonly list: TokenList;

  constructor(policy: UnseenSqlPolicy, rewriting: Rewriting, list: TokenList) {
    this.policy = policy;
    this.rewriting = rewriting;
    this.list = list;
  }

  /** Words of statements that run SQL which is not in them, as far as the configuration lets these pass. */
  get allowedWords(): ReadonlySet<string> {
    const { calls, dynamicSql } = this.policy;
    const words = new Set<string>(calls.has('*') ? ['call'] : []);
    if (dynamicSql === 'allow') for (const word of ['prepare', 'execute']) words.add(word);
    // What a compound statement runs stands in it, but for these.
    if (words.size === 3) words.add('atomic');
    return words;
  }

  /** A function that reads a protected table reads all tenants' rows. CALL has its own rule. */
  refuseDependentRoutines(): void {
    const { list, rewriting } = this;
    for (let index = 0; index < list.count; index++) {
      if (!list.isName(index) || !list.is(index + 1, '(')) continue;
      const qualified = index >= 2 && list.is(index - 1, '.') && list.isName(index - 2);
      if (list.is(qualified ? index - 3 : index - 1, 'CALL')) continue;
      const schema = qualified ? list.name(index - 2) : this.rewriting.context.database;
      if (this.mayCall(schema, list.name(index))) continue;
      if (rewriting.isDependentRoutine(schema, list.name(index))) {
        rewriting.unsupported('a stored function that touches a protected table', {
          start: list.start(index),
        });
      }
    }
  }

  /** A stored function may write its arguments into any table, and which rows they came from is not followed. */
  refuseStoredFunctions(): void {
    const { rewriting } = this;
    if (rewriting.storedFunctions.length === 0 || !rewriting.mentionsProtectedColumn()) return;
    for (const call of rewriting.storedFunctions) {
      const schema = call.schema?.name ?? this.rewriting.context.database;
      if (this.mayCall(schema, call.name)) continue;
      rewriting.refuse(
        'TC_PLAINTEXT_ESCAPE',
        `calling ${call.name}, which is no function of the server’s own (policy.calls can allow it),`,
        call,
      );
    }
  }

  /** MySQL gives that of a TIMESTAMP in UTC, and that of an expression in the session's time zone. */
  refuseWeights(): void {
    const { rewriting } = this;
    const [call] = rewriting.weightStrings;
    if (call === undefined || rewriting.context.dialect.server.kind !== 'mysql') return;
    if (rewriting.mentions(({ type }) => type.kind === 'timestamp')) {
      rewriting.unsupported('WEIGHT_STRING beside a protected TIMESTAMP column', call);
    }
  }

  /** Refuses a statement in which a table with a trigger over a protected table is named anywhere. */
  refuseTriggersAnywhere(): void {
    const { list, rewriting } = this;
    for (let index = 0; index < list.count; index++) {
      if (!list.isName(index)) continue;
      const table = list.identifier(index);
      const qualified = index >= 2 && list.is(index - 1, '.') && list.isName(index - 2);
      const schemas = qualified ? [null, list.identifier(index - 2)] : [null];
      for (const schema of schemas) {
        rewriting.refuseTriggers({ schema, table, start: table.start, end: table.end });
      }
    }
  }

  /** Whether a CALL names a routine of policy.calls. */
  isAllowedCall(): boolean {
    const { list } = this;
    const { context } = this.rewriting;
    if (!list.isName(1)) return false;
    const qualified = list.is(2, '.') && list.count > 3 && list.isName(3);
    const schema = qualified ? list.name(1) : context.database;
    const routine = qualified ? list.name(3) : list.name(1);
    return this.mayCall(schema, routine);
  }

  /** Whether the configuration lets a routine run, whose SQL we do not see. */
  private mayCall(schema: string | null, routine: string): boolean {
    const { calls } = this.policy;
    return calls.has('*') || (schema !== null && calls.has(foldName(`${schema}.${routine}`)));
  }
}
