import type {
  Expression,
  QueryBody,
  QueryExpression,
  QuerySpecification,
  TableReference,
} from '../parser/ast.js';
import type { Rewriting } from '../rewriting.js';
import { visitExpressions } from './expression-facts.js';
import {
  expressionFlows,
  type FlowScope,
  insideOf,
  itemsFlow,
  NO_SOURCES,
  OUTSIDE,
  type Sources,
  sourcesOf,
  withFlow,
} from './flow.js';

/**
 * Whether a `:=` somewhere in a query may assign what comes from a protected column; when in doubt, it does. To be asked
 * when the rules have seen the query.
 */
export function assignedFlows(rewriting: Rewriting, query: QueryExpression): boolean {
  return new AssignedFlow(rewriting).ofQuery(query, OUTSIDE);
}

class AssignedFlow {
  constructor(private readonly rewriting: Rewriting) {}

  ofQuery(query: QueryExpression, scope: FlowScope): boolean {
    let flows = false;
    const inner = withFlow(this.rewriting, query.with, scope, (table, its) => {
      flows ||= this.ofQuery(table, its);
    });
    const last = [
      ...(query.orderBy?.items ?? []).map(({ expression }) => expression),
      ...(query.limit?.expressions ?? []),
    ];
    return flows || this.ofBody(query.body, inner, last);
  }

  /** @param last what stands in the ORDER BY and LIMIT behind it */
  private ofBody(body: QueryBody, scope: FlowScope, last: readonly Expression[]): boolean {
    switch (body.kind) {
      case 'specification':
        return this.ofSpecification(body, scope, last);
      case 'setOperation': {
        let left: QueryBody = body;
        for (; left.kind === 'setOperation'; left = left.left) {
          if (this.ofBody(left.right, scope, [])) return true;
        }
        return this.ofBody(left, scope, []) || this.ofAll(last, { ...scope, tainted: true }, NO_SOURCES);
      }
      case 'parenthesised':
        return this.ofQuery(body.query, scope) || this.ofAll(last, { ...scope, tainted: true }, NO_SOURCES);
      case 'valuesConstructor':
        return body.rows.some((row) =>
          row.some((value) => value.kind !== 'defaultKeyword' && this.ofAll([value], scope, NO_SOURCES)),
        );
      case 'explicitTable':
        return false;
    }
  }

  private ofSpecification(body: QuerySpecification, scope: FlowScope, last: readonly Expression[]): boolean {
    const { rewriting } = this;
    const found = sourcesOf(rewriting, body.from ?? [], scope);
    const conditions: Expression[] = [];
    for (const reference of body.from ?? []) {
      if (this.ofReference(reference, scope, found, conditions)) return true;
    }
    const aliased = itemsFlow(rewriting, body.items, scope, found).any;
    const sources: Sources = { ...found, aliased };
    // An item's alias is a name here.
    const behind = { ...scope, tainted: scope.tainted || aliased };
    const items = body.items.flatMap(({ expression }) => (expression === null ? [] : [expression]));
    if (body.where !== null) conditions.push(body.where);
    const rest = [...(body.groupBy?.items ?? []).map(({ expression }) => expression), ...last];
    if (body.having !== null) rest.push(body.having);
    return (
      this.ofAll([...items, ...conditions], scope, sources) ||
      this.ofAll([...rest, ...body.windowExpressions], behind, sources)
    );
  }

  private ofReference(
    root: TableReference,
    scope: FlowScope,
    sources: Sources,
    conditions: Expression[],
  ): boolean {
    const pending: TableReference[] = [root];
    for (let reference = pending.pop(); reference !== undefined; reference = pending.pop()) {
      switch (reference.kind) {
        case 'table':
          break;
        case 'join':
          if (reference.on !== null) conditions.push(reference.on);
          pending.push(reference.right, reference.left);
          break;
        case 'tables':
          pending.push(...reference.tables);
          break;
        case 'derived':
          if (this.ofQuery(reference.query, reference.lateral ? insideOf(scope, sources) : scope))
            return true;
          break;
        case 'function':
          conditions.push(...reference.arguments);
      }
    }
    return false;
  }

  private ofAll(expressions: readonly Expression[], scope: FlowScope, sources: Sources): boolean {
    let flows = false;
    for (const root of expressions) {
      visitExpressions(root, (expression) => {
        if (flows) return;
        if (expression.kind === 'subquery') {
          flows = this.ofQuery(expression.query, insideOf(scope, sources));
        } else if (expression.kind === 'operator' && expression.operator === ':=') {
          flows = expression.operands.some((operand) =>
            expressionFlows(this.rewriting, operand, scope, sources),
          );
        }
      });
    }
    return flows;
  }
}
