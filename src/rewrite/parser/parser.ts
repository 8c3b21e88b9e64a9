import type { Dialect } from '../dialect.js';
import type { TokenBuffer } from '../tokens.js';
import type { Expression, QueryBody, QueryExpression, Statement } from './ast.js';
import { TokenCursor } from './cursor.js';
import type { Level } from './levels.js';

/**
 * The rules that contain each other: expressions hold queries and queries expressions. They reach one another through
 * the parser, so that the files of the grammar do not import each other in a circle.
 */
export interface Rules {
  /** `minimumLevel`: see levels.ts; without it any expression. */
  expression(parser: Parser, minimumLevel?: Level): Expression;
  /** Goes on with an expression whose first operand was read already. */
  continueExpression(parser: Parser, first: Expression, minimumLevel?: Level): Expression;
  /**
   * A query expression up to the token that can't belong to it. `first`: its first operand, which was read already
   * (a parenthesised query).
   */
  queryExpression(parser: Parser, first?: QueryBody): QueryExpression;
  /** Any statement, without the end of the text. */
  statement(parser: Parser): Statement;
}

export class Parser extends TokenCursor {
  readonly rules: Rules;

  constructor(statement: Buffer, tokens: TokenBuffer, dialect: Dialect, maxDepth: number, rules: Rules) {
    super(statement, tokens, dialect, maxDepth);
    this.rules = rules;
  }

  expression(minimumLevel?: Level): Expression {
    return this.rules.expression(this, minimumLevel);
  }

  /** One or more expressions, separated by commas. */
  expressions(): Expression[] {
    const items = [this.expression()];
    while (this.accept(',')) items.push(this.expression());
    return items;
  }

  queryExpression(first?: QueryBody): QueryExpression {
    return this.rules.queryExpression(this, first);
  }
}
