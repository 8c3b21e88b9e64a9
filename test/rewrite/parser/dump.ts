import type {
  Assignment,
  Expression,
  Identifier,
  InsertStatement,
  InsertValue,
  OrderItem,
  QueryBody,
  QueryExpression,
  QuerySpecification,
  SelectItem,
  SetAssignment,
  Span,
  Statement,
  TableName,
  TableReference,
  WithClause,
} from '../../../src/rewrite/parser/ast.js';

/**
 * One-line dumps of trees for tables of tests: literals and spans as their text, operators as `(op a b)`, functions as
 * `f(a b)`, names without their quotes.
 */
export function dumpStatement(statement: Statement, text: Buffer): string {
  const d = new Dump(text);
  return d.statement(statement);
}

class Dump {
  private readonly text: Buffer;

  constructor(text: Buffer) {
    this.text = text;
  }

  statement(node: Statement): string {
    switch (node.kind) {
      case 'select':
        return this.query(node.query);
      case 'insert':
        return this.insert(node);
      case 'update':
        return list(
          'update',
          this.with(node.with),
          ...node.modifiers,
          ...node.tables.map((t) => this.table(t)),
          tagged(
            'set',
            node.assignments.map((a) => this.assignment(a)),
          ),
          this.optional('where', node.where),
          this.order(node.orderBy?.items),
          this.many('limit', node.limit?.expressions),
          this.items('returning', node.returning?.items),
        );
      case 'delete':
        return list(
          'delete',
          this.with(node.with),
          ...node.modifiers,
          node.targets === null ? '' : tagged('targets', node.targets.map(tableName)),
          ...node.tables.map((t) => this.table(t)),
          this.optional('where', node.where),
          this.order(node.orderBy?.items),
          this.many('limit', node.limit?.expressions),
          this.items('returning', node.returning?.items),
        );
      case 'set':
        return list('set', ...node.assignments.map((a) => this.setAssignment(a)));
      case 'show':
        return list(
          'show',
          node.full ? 'full' : '',
          node.subject,
          tableName(node.table),
          node.filter?.kind === 'like' ? this.span('like', node.filter.pattern) : '',
          this.optional('where', node.filter?.kind === 'where' ? node.filter.condition : null),
        );
      case 'explain':
        return list(
          node.analyze ? 'explain analyze' : 'explain',
          node.statement === null ? '' : this.statement(node.statement),
          node.table === null ? '' : tableName(node.table),
          this.span('column', node.column),
        );
      case 'load':
        return list(
          'load',
          node.local ? 'local' : '',
          node.duplicates ?? '',
          tableName(node.table),
          this.many('fields', node.fields?.targets),
          tagged(
            'set',
            node.assignments.map((a) => this.assignment(a)),
          ),
        );
      case 'other':
        return list('other', node.verb);
    }
  }

  private insert(node: InsertStatement): string {
    const source =
      node.source.kind === 'query'
        ? this.query(node.source.query)
        : node.source.kind === 'set'
          ? tagged(
              'set',
              node.source.assignments.map((a) => this.assignment(a)),
            )
          : node.source.rows
              .map((row) =>
                tagged(
                  'row',
                  row.values.map((v) => this.value(v)),
                ),
              )
              .join(' ');
    return list(
      node.replace ? 'replace' : 'insert',
      ...node.modifiers,
      tableName(node.table),
      this.span('', node.partition),
      node.columns === null
        ? ''
        : tagged(
            'columns',
            node.columns.names.map((c) => this.expression(c)),
          ),
      source,
      node.rowAlias === null
        ? ''
        : list('as', node.rowAlias.alias.name, ...(node.rowAlias.columns ?? []).map(name)),
      node.onDuplicate === null
        ? ''
        : tagged(
            'on-duplicate',
            node.onDuplicate.assignments.map((a) => this.assignment(a)),
          ),
      this.items('returning', node.returning?.items),
    );
  }

  private setAssignment(node: SetAssignment): string {
    if (node.kind === 'special') return `<${node.words}>`;
    const value = node.value === null ? 'DEFAULT' : this.expression(node.value);
    if (node.kind === 'userVariable') return `@${node.name}=${value}`;
    return `${node.scope === null ? '' : `${node.scope} `}${node.name}=${value}`;
  }

  private assignment(node: Assignment): string {
    return `${this.expression(node.column)}=${this.value(node.value)}`;
  }

  private value(node: InsertValue): string {
    return node.kind === 'defaultKeyword' ? 'DEFAULT' : this.expression(node);
  }

  query(node: QueryExpression): string {
    const body = this.body(node.body);
    const tail = [
      this.with(node.with),
      body,
      this.order(node.orderBy?.items),
      this.many('limit', node.limit?.expressions),
      ...node.locking.map((lock) =>
        list(
          lock.legacy ? 'lock-in-share-mode' : `for-${lock.strength}`,
          lock.of === null ? '' : tagged('of', lock.of.map(tableName)),
          this.span('', lock.wait),
        ),
      ),
      node.into === null ? '' : list(`into-${node.into.kind}`, ...node.into.variables.map((v) => `@${v}`)),
      this.span('', node.procedure),
    ].filter((part) => part !== '');
    return tail.length === 1 ? body : `(query ${tail.join(' ')})`;
  }

  private body(node: QueryBody): string {
    switch (node.kind) {
      case 'specification':
        return this.specification(node);
      case 'setOperation':
        return list(
          node.all ? `${node.operator}-all` : node.operator,
          this.body(node.left),
          this.body(node.right),
        );
      case 'parenthesised':
        return list('paren-query', this.query(node.query));
      case 'valuesConstructor':
        return list(
          'values',
          ...node.rows.map((row) =>
            tagged(
              'row',
              row.map((v) => this.value(v)),
            ),
          ),
        );
      case 'explicitTable':
        return list('table', tableName(node.table));
    }
  }

  private specification(node: QuerySpecification): string {
    return list(
      'select',
      ...node.modifiers,
      ...node.items.map((item) => this.item(item)),
      node.from === null
        ? ''
        : tagged(
            'from',
            node.from.map((t) => this.table(t)),
          ),
      this.optional('where', node.where),
      node.groupBy === null
        ? ''
        : list(
            node.groupBy.rollup ? 'group-by-rollup' : 'group-by',
            ...node.groupBy.items.map((i) => this.orderItem(i)),
          ),
      this.optional('having', node.having),
      ...node.windows.map((window) => this.span('window', window)),
      this.many('window-expressions', node.windowExpressions),
    );
  }

  private with(clause: WithClause | null): string {
    if (clause === null) return '';
    return list(
      clause.recursive ? 'with-recursive' : 'with',
      ...clause.tables.map((t) =>
        list(
          t.name.name,
          ...(t.columns === null ? [] : [tagged('columns', t.columns.map(name))]),
          this.query(t.query),
        ),
      ),
    );
  }

  private items(tag: string, items: readonly SelectItem[] | undefined): string {
    return items === undefined ? '' : list(tag, ...items.map((item) => this.item(item)));
  }

  private item(item: SelectItem): string {
    if (item.expression === null) return item.qualifier === null ? '*' : `${tableName(item.qualifier)}.*`;
    const expression = this.expression(item.expression);
    return item.alias === null ? expression : `${expression}:${item.alias.name}`;
  }

  table(node: TableReference): string {
    switch (node.kind) {
      case 'table': {
        const alias = node.alias === null ? '' : `:${node.alias.name}`;
        const options = [node.partition, node.indexHints, node.extra].map((span) => this.span('', span));
        const shown = options.filter((option) => option !== '');
        return `${tableName(node.name)}${alias}${shown.length === 0 ? '' : ` ${shown.join(' ')}`}`;
      }
      case 'derived':
        return list(
          node.lateral ? 'lateral' : 'derived',
          this.query(node.query),
          node.alias === null ? '' : `:${node.alias.name}`,
          node.columns === null ? '' : tagged('columns', node.columns.map(name)),
        );
      case 'join':
        return list(
          `${node.natural ? 'natural-' : ''}${node.type}`,
          this.table(node.left),
          this.table(node.right),
          this.optional('on', node.on),
          node.using === null ? '' : tagged('using', node.using.map(name)),
        );
      case 'tables':
        return tagged(
          'tables',
          node.tables.map((t) => this.table(t)),
        );
      case 'function':
        return list(
          'table-function',
          ...node.arguments.map((a) => this.expression(a)),
          node.alias === null ? '' : `:${node.alias.name}`,
        );
    }
  }

  expression(node: Expression): string {
    switch (node.kind) {
      case 'column':
        return [node.schema, node.table, node.column].flatMap((part) => part?.name ?? []).join('.');
      case 'literal': {
        const tokens = node.tokens
          .map((token) => this.text.toString('utf8', token.start, token.end))
          .join('+');
        const type = node.type === 'temporal' ? 'temporal:' : '';
        return node.introducer === null ? `${type}${tokens}` : `_${node.introducer}:${tokens}`;
      }
      case 'operator': {
        const operator = node.name === null ? node.operator : `${node.operator}:${node.name}`;
        return list(operator, ...node.operands.map((o) => this.expression(o)));
      }
      case 'function':
        return (
          `${node.schema === null ? '' : `${node.schema.name}.`}${node.name}` +
          `(${[node.distinct ? 'DISTINCT' : '', ...node.arguments.map((a) => this.expression(a))].filter(Boolean).join(' ')})` +
          (node.extra.length === 0 ? '' : `{${node.extra.map((e) => this.expression(e)).join(' ')}}`) +
          (node.window ? 'over' : '')
        );
      case 'match':
        return list(
          'match',
          tagged(
            'columns',
            node.columns.map((c) => this.expression(c)),
          ),
          this.expression(node.against),
        );
      case 'subquery':
        return list(node.exists ? 'exists' : 'subquery', this.query(node.query));
      case 'parameter':
        return `?${node.ordinal}`;
      case 'userVariable':
        return `@${node.name}`;
      case 'systemVariable':
        return `@@${node.name}`;
    }
  }

  private order(items: readonly OrderItem[] | undefined): string {
    return items === undefined ? '' : list('order-by', ...items.map((item) => this.orderItem(item)));
  }

  private orderItem(item: OrderItem): string {
    return `${this.expression(item.expression)}${item.descending ? ' desc' : ''}`;
  }

  private many(tag: string, expressions: readonly Expression[] | undefined): string {
    if (expressions === undefined || expressions.length === 0) return '';
    return list(tag, ...expressions.map((e) => this.expression(e)));
  }

  private optional(tag: string, expression: Expression | null): string {
    return expression === null ? '' : list(tag, this.expression(expression));
  }

  private span(tag: string, span: Span | null): string {
    if (span === null) return '';
    const text = this.text.toString('utf8', span.start, span.end);
    return tag === '' ? `<${text}>` : list(tag, `<${text}>`);
  }
}

function tableName(node: TableName): string {
  return node.schema === null ? node.table.name : `${node.schema.name}.${node.table.name}`;
}

function name(node: Identifier): string {
  return node.name;
}

function list(...parts: readonly string[]): string {
  return `(${parts.filter((part) => part !== '').join(' ')})`;
}

function tagged(tag: string, parts: readonly string[]): string {
  return list(tag, ...parts);
}
