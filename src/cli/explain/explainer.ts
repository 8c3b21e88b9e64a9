import { ProxyError, ServerError } from '../../errors.js';
import { ErrorNumber } from '../../protocol/constants/error-numbers.js';
import type { Dialect } from '../../rewrite/dialect.js';
import { encodeSqlLiteral, quoted, whyNotPrepared } from '../../rewrite/dynamic-sql.js';
import { endOfText, firstStatement } from '../../rewrite/first-statement.js';
import { lex } from '../../rewrite/lexer.js';
import type { DynamicSql } from '../../rewrite/plan.js';
import type { RewriteContext, Rewriter } from '../../rewrite/rewriter.js';
import { TokenBuffer, TokenKind } from '../../rewrite/tokens.js';

/** What becomes of one statement. What does not apply is null. */
export interface Answer {
  readonly outcome: 'forwarded' | 'rewritten' | 'refused';
  /** What the backend gets; null: nothing. */
  readonly sql: string | null;
  /** TC_…, or the name of the server's own error that the plain table would raise. */
  readonly code: string | null;
  readonly reason: string | null;
  /** 0-based byte offset into the statement. */
  readonly position: number | null;
}

export interface ExplainerOptions {
  readonly rewriter: Rewriter;
  readonly context: Omit<RewriteContext, 'prepared'>;
  readonly tenant: string;
  readonly statementBytes: number;
}

const QUESTION = 0x3f;
/** Statements behind which the session's schema, variables and tenant are what they were. */
const LEAVES_SESSION = /^(select|with|values|insert|replace|update|delete|start|begin|commit|rollback)\b/i;

/** Asks the rewriter without a session: no key, no backend. Never throws for anything a statement holds. */
export class Explainer {
  readonly #options: ExplainerOptions;
  // The rewriter compares contexts by identity: two, once and for all.
  readonly #plain: RewriteContext;
  readonly #prepared: RewriteContext;
  readonly #tokens = new TokenBuffer();

  constructor(options: ExplainerOptions) {
    this.#options = options;
    this.#plain = { ...options.context, prepared: false };
    this.#prepared = { ...options.context, prepared: true };
  }

  get dialect(): Dialect {
    return this.#options.context.dialect;
  }

  explain(statement: Buffer): Answer {
    if (statement.length > this.#options.statementBytes) return tooLong();
    try {
      return this.#explain(statement);
    } catch (error) {
      if (error instanceof ProxyError || error instanceof ServerError) return refused(error);
      // The text of an unknown error may hold data of the statement.
      return refused(
        new ProxyError('TC_INTERNAL', 'an unexpected failure inside tenantcrypt; report this', {
          cause: error,
        }),
      );
    }
  }

  #explain(statement: Buffer): Answer {
    const { rewriter, tenant } = this.#options;
    const context = this.#hasParameters(statement) ? this.#prepared : this.#plain;
    const { plan } = rewriter.analyse(statement, 0, statement.length, context);
    switch (plan.outcome) {
      case 'forward':
        return { outcome: 'forwarded', sql: this.#text(statement), code: null, reason: null, position: null };
      case 'refuse': {
        const refusal = refused(rewriter.refusal());
        if (context.prepared) return refusal;
        if (plan.dynamic !== undefined) return this.#explainDynamic(plan.dynamic, refusal) ?? refusal;
        return (plan.isSeveral === true ? this.#explainEach(statement) : null) ?? refusal;
      }
      case 'rewrite': {
        const sql = this.#text(rewriter.fill({ tenant }, 0));
        return { outcome: 'rewritten', sql, code: null, reason: null, position: null };
      }
    }
  }

  /**
   * PREPARE and EXECUTE IMMEDIATE of a string, whose statement a session rewrites.
   * @returns null where it does not
   */
  #explainDynamic(dynamic: DynamicSql, refusal: Answer): Answer | null {
    const { rewriter, tenant } = this.#options;
    if (dynamic.kind !== 'prepare' && dynamic.kind !== 'immediate') return null;
    const { sql } = dynamic;
    // MySQL has no EXECUTE IMMEDIATE.
    if (sql === null || (dynamic.kind === 'immediate' && this.dialect.server.kind === 'mysql')) return null;
    const { plan } = rewriter.analyse(sql, 0, sql.length, this.#plain);
    if (plan.outcome === 'refuse' && plan.dynamic === undefined && plan.isSeveral !== true) {
      return { ...refused(rewriter.refusal()), position: refusal.position };
    }
    if (plan.outcome !== 'rewrite' || whyNotPrepared(sql, this.dialect) !== null) return null;
    const literal = this.#text(encodeSqlLiteral(rewriter.fill({ tenant }, 0), this.dialect));
    const verb = dynamic.kind === 'prepare' ? `PREPARE ${quoted(dynamic.name)} FROM` : 'EXECUTE IMMEDIATE';
    return { outcome: 'rewritten', sql: `${verb} ${literal}`, code: null, reason: null, position: null };
  }

  /**
   * Several statements at once, which a session takes one by one.
   * @returns null where a later one depends on what an earlier one does to the session, which nobody executes here
   */
  #explainEach(text: Buffer): Answer | null {
    const end = endOfText(text, 0, text.length, this.dialect);
    const sql: string[] = [];
    let outcome: Answer['outcome'] = 'forwarded';
    for (let at = 0; at >= 0; ) {
      const { start, firstToken, end: behind, next } = firstStatement(text, at, end, this.dialect);
      if (next >= 0 && !LEAVES_SESSION.test(text.toString('latin1', firstToken, behind))) return null;
      const answer = this.#explain(text.subarray(start, behind));
      if (answer.outcome === 'refused') {
        return { ...answer, position: answer.position === null ? null : answer.position + start };
      }
      if (answer.outcome === 'rewritten') outcome = 'rewritten';
      sql.push(answer.sql ?? '');
      at = next;
    }
    return { outcome, sql: sql.join('; '), code: null, reason: null, position: null };
  }

  #hasParameters(statement: Buffer): boolean {
    if (!statement.includes(QUESTION)) return false;
    lex(statement, 0, statement.length, this.dialect, this.#tokens);
    return this.#tokens.kind.subarray(0, this.#tokens.length).includes(TokenKind.Parameter);
  }

  #text(bytes: Buffer): string {
    return bytes.toString(encodingOf(this.dialect));
  }
}

/** How SQL given as text becomes bytes and back: other character sets than these are taken as they come. */
export function encodingOf(dialect: Dialect): BufferEncoding {
  return dialect.characterSetClient === 'latin1' ? 'latin1' : 'utf8';
}

export function tooLong(): Answer {
  return refused(
    new ProxyError(
      'TC_LIMIT',
      'the statement is longer than limits.statementBytes; shorten it or raise the limit',
    ),
  );
}

export function refused(error: ProxyError | ServerError): Answer {
  return {
    outcome: 'refused',
    sql: null,
    code: error instanceof ProxyError ? error.code : serverCode(error.errno),
    reason: error.message,
    position: (error instanceof ProxyError ? error.position : undefined) ?? null,
  };
}

function serverCode(errno: number): string {
  const known = Object.entries(ErrorNumber).find(([, value]) => value === errno);
  return known?.[0] ?? `ER_${errno}`;
}
