import type { ColumnType, DecimalColumnType, IntegerBase } from '../column-type.js';
import type { ServerVersion } from '../dialect.js';
import { foldName, sameAlias } from '../folding.js';
import { integerLiteral, literalInteger, mergeIntegers } from '../integer-merge.js';
import { integerDigits, integerLength } from '../integer-size.js';
import type {
  ColumnRef,
  CommonTableExpression,
  Expression,
  FunctionCall,
  Identifier,
  OperatorExpression,
  QueryBody,
  QueryExpression,
  QuerySpecification,
  SetOperation,
  TableName,
} from '../parser/ast.js';
import type { ResultInteger, ResultType } from '../plan.js';
import type { LogicalColumn, ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import { type FlatTable, flatten, noJoins } from './from.js';
import { isSameCte } from './scope.js';

/*
 * The types that the columns of a result have on a plain table, where they are made of protected columns and the rewritten
 * statement gives others: no expression of a server is narrower than a BIGINT, none is a CHAR. Only for expressions that
 * hand a value on; what is computed is as wide in either statement. What can't be told has no type here.
 */

/** NULL as it is written: it has no part in the type of what it is a part of. */
const NULL_LITERAL = { kind: 'null', isOfProtected: false } as const;

type Type = ResultType | typeof NULL_LITERAL;

/** Column of a query or a FROM clause; names are folded. */
interface TypedColumn {
  readonly name: string | null;
  readonly type: Type | null;
}

interface Relation {
  readonly alias: string | null;
  /** null: not known. */
  readonly columns: readonly TypedColumn[] | null;
}

/** What a query sees of what stands around it. */
interface Scope {
  readonly ctes: Cte | null;
  readonly outer: Block | null;
}

interface Block {
  readonly relations: readonly Relation[];
  readonly hasUsing: boolean;
  readonly scope: Scope;
}

interface Cte {
  readonly table: CommonTableExpression;
  /** It may read itself. */
  readonly isRecursive: boolean;
  readonly outer: Cte | null;
}

/** @returns by position; null where nothing that differs is known of any */
export function resultTypes(rewriting: Rewriting, query: QueryExpression): (ResultType | null)[] | null {
  const columns = new Types(rewriting).query(query, { ctes: null, outer: null });
  const types = (columns ?? []).map(({ type }) => (type?.isOfProtected === true ? type : null));
  return types.some((type) => type !== null) ? types : null;
}

class Types {
  readonly #rewriting: Rewriting;
  readonly #server: ServerVersion['kind'];
  /** Read once, however often they are named. */
  readonly #ctes = new Map<CommonTableExpression, readonly TypedColumn[] | null>();

  constructor(rewriting: Rewriting) {
    this.#rewriting = rewriting;
    this.#server = rewriting.context.dialect.server.kind;
  }

  query(query: QueryExpression, { ctes, outer }: Scope): readonly TypedColumn[] | null {
    let known = ctes;
    for (const table of query.with?.tables ?? []) {
      known = { table, isRecursive: query.with?.recursive === true, outer: known };
    }
    return this.#body(query.body, { ctes: known, outer });
  }

  #body(body: QueryBody, scope: Scope): readonly TypedColumn[] | null {
    switch (body.kind) {
      case 'parenthesised':
        return this.query(body.query, scope);
      case 'specification':
        return this.#block(body, scope);
      case 'setOperation':
        return this.#union(body, scope);
      case 'explicitTable':
        return this.#named(body.table, scope.ctes);
      default:
        return null;
    }
  }

  #union(body: SetOperation, scope: Scope): readonly TypedColumn[] | null {
    // A chain of them leans to the left: without recursion.
    const parts: QueryBody[] = [];
    let first: QueryBody = body;
    for (; first.kind === 'setOperation'; first = first.left) parts.push(first.right);
    const columns = this.#body(first, scope);
    const others = parts.map((part) => this.#body(part, scope));
    if (columns === null || others.some((other) => other?.length !== columns.length)) return null;
    return columns.map(({ name, type }, i) => {
      const types = [type, ...others.map((other) => other?.[i]?.type ?? null)];
      const merged = this.#merged(types, true);
      return { name, type: types.includes(NULL_LITERAL) ? this.#besideNull(merged) : merged };
    });
  }

  #block(body: QuerySpecification, scope: Scope): readonly TypedColumn[] | null {
    const flat: FlatTable[] = [];
    const joins = noJoins();
    for (const reference of body.from ?? []) flatten(reference, flat, joins);
    const relations = flat.map((table) => this.#relation(table, scope));
    const block = { relations, hasUsing: joins.natural || joins.using.size > 0, scope };
    const columns: TypedColumn[] = [];
    for (const { expression, qualifier, alias } of body.items) {
      if (expression !== null) {
        const own = expression.kind === 'column' ? expression.column.name : null;
        const name = alias?.name ?? own;
        columns.push({
          name: name === null ? null : foldName(name),
          type: this.#expression(expression, block),
        });
        continue;
      }
      if (block.hasUsing) return null;
      for (const { alias: name, columns: all } of relations) {
        if (qualifier !== null && !this.#isSame(name, qualifier.table)) continue;
        if (all === null) return null;
        columns.push(...all);
      }
    }
    return columns;
  }

  #relation({ reference }: FlatTable, scope: Scope): Relation {
    if (reference.kind === 'function') return { alias: reference.alias?.name ?? null, columns: null };
    if (reference.kind === 'derived') {
      const { alias, query, columns } = reference;
      if (reference.lateral) return { alias: alias?.name ?? null, columns: null };
      return { alias: alias?.name ?? null, columns: renamed(this.query(query, scope), columns) };
    }
    const alias = (reference.alias ?? reference.name.table).name;
    return { alias, columns: this.#named(reference.name, scope.ctes) };
  }

  #named(name: TableName, ctes: Cte | null): readonly TypedColumn[] | null {
    const cte = cteOf(this.#rewriting, name, ctes);
    if (cte !== null) return this.#columnsOfCte(cte);
    const table = this.#rewriting.protectedTable(name);
    return table === null ? null : this.#columnsOf(table);
  }

  #columnsOfCte({ table, isRecursive, outer }: Cte): readonly TypedColumn[] | null {
    if (isRecursive) return null;
    const known = this.#ctes.get(table);
    if (known !== undefined) return known;
    const columns = renamed(this.query(table.query, { ctes: outer, outer: null }), table.columns);
    this.#ctes.set(table, columns);
    return columns;
  }

  #columnsOf({ columns }: ResolvedTable): TypedColumn[] {
    return columns
      .filter(({ live }) => !live.invisible)
      .map((column) => ({ name: foldName(column.name), type: typeOfColumn(column) }));
  }

  #expression(expression: Expression, block: Block): Type | null {
    switch (expression.kind) {
      case 'column':
        return this.#column(expression, block);
      case 'literal':
        if (expression.type === 'null') return NULL_LITERAL;
        return expression.type === 'integer' ? literalInteger(this.#server) : null;
      case 'operator':
        return this.#operator(expression, block);
      case 'function':
        return this.#function(expression, block);
      case 'subquery': {
        if (expression.exists) return null;
        const columns = this.query(expression.query, { ctes: block.scope.ctes, outer: block });
        return columns?.length === 1 ? (columns[0]?.type ?? null) : null;
      }
      default:
        return null;
    }
  }

  #column({ schema, table, column }: ColumnRef, block: Block): Type | null {
    if (schema !== null) return null;
    const name = foldName(column.name);
    for (let at: Block | null = block; at !== null; at = at.scope.outer) {
      const own = at.relations.filter(({ alias }) => table === null || this.#isSame(alias, table));
      const found = own.flatMap(({ columns }) => columns?.filter((one) => one.name === name) ?? []);
      if (found.length === 1) return found[0]?.type ?? null;
      if (found.length > 1 || own.some(({ columns }) => columns === null)) return null;
      if (table !== null && own.length > 0) return null;
    }
    return null;
  }

  #operator({ operator, operands, name }: OperatorExpression, block: Block): Type | null {
    if ((operator === 'paren' || operator === '+') && operands.length === 1) {
      return operands[0] === undefined ? null : this.#expression(operands[0], block);
    }
    const [only] = operands;
    if (operator === '-' && operands.length === 1 && this.#server === 'mysql' && only !== undefined) {
      return only.kind === 'literal' ? this.#expression(only, block) : null;
    }
    if (operator !== 'case') return null;
    // Value, when it is a simple one; pairs of WHEN and THEN; ELSE.
    const pairs = name === 'simple' ? operands.slice(1) : operands;
    const last = pairs.length - 1;
    return this.#oneOf(
      pairs.filter((_, i) => i % 2 === 1 || i === last),
      block,
    );
  }

  #function(call: FunctionCall, block: Block): Type | null {
    if (call.schema !== null) return null;
    const { name, arguments: parts, window } = call;
    const first = parts[0];
    if (first === undefined) return null;
    if (window && this.#server === 'mysql') return this.#mysqlWindow(name, parts, block);
    if (HANDS_ON.has(name) || (window && WINDOW_FUNCTIONS.has(name) && parts.length <= 2)) {
      const type = this.#expression(first, block);
      // MariaDB makes a BIGINT of what is computed.
      return type?.kind === 'integer' && type.isComputed && this.#server === 'mariadb' ? null : type;
    }
    if (this.#server === 'mariadb' && ROUNDING.has(name) && parts.length === 1) {
      const type = this.#expression(first, block);
      return type?.kind === 'integer' ? type : null;
    }
    if (name === 'nullif') return parts.length === 2 ? this.#oneOf([first], block) : null;
    if (name === 'if') return parts.length === 3 ? this.#oneOf(parts.slice(1), block) : null;
    if (!ONE_OF.has(name)) return null;
    const type = this.#oneOf(parts, block);
    return parts.some(isNullLiteral) ? this.#besideNull(type) : type;
  }

  /** A temporary table gives their values types of its own, but no DECIMAL of integers. */
  #mysqlWindow(name: string, parts: readonly Expression[], block: Block): Type | null {
    if (parts.length !== 3 || !(name === 'lag' || name === 'lead')) return null;
    const [value, , otherwise] = parts;
    const type =
      value === undefined || otherwise === undefined ? null : this.#oneOf([value, otherwise], block);
    return type?.kind === 'integer' ? { ...type, isComputed: true, length: null } : null;
  }

  /** A NULL that is written counts as a number with a sign: beside DECIMALs, on MariaDB beside integers too. */
  #besideNull(type: Type | null): Type | null {
    const isSigned = this.#server === 'mariadb' && type?.kind === 'integer' && type.unsigned;
    return isSigned || type?.kind === 'decimal' ? null : type;
  }

  #oneOf(parts: readonly Expression[], block: Block): Type | null {
    const types = parts.map((part) => this.#expression(part, block));
    if (this.#server === 'mysql' || !types.some(isProtectedInt)) return this.#merged(types, false);
    const exact = types.map((type, i) => this.#exactLiteral(parts[i]) ?? type);
    return this.#merged(exact, false);
  }

  /**
   * MariaDB: whether an INT beside a literal is a BIGINT depends on the literal, to which the plan is bound then. A
   * TINYINT and its like need no such, since the length of the whole tells it.
   */
  #exactLiteral(expression: Expression | undefined): ResultInteger | null {
    if (expression?.kind !== 'literal' || expression.type !== 'integer') return null;
    this.#rewriting.pinned.push(expression);
    return integerLiteral(expression.end - expression.start);
  }

  #merged(all: readonly (Type | null)[], isUnion: boolean): Type | null {
    const types = all.filter((type) => type?.kind !== 'null');
    const [first] = types;
    if (first === null || first === undefined) return null;
    if (first.kind === 'integer') {
      const integers = types.map((type) => (type?.kind === 'integer' ? type : null));
      const merged = mergeIntegers(integers, this.#server);
      // The columns of a UNION have their own table, where MySQL's BIGINT stays one.
      const isStored = isUnion && this.#server === 'mysql';
      return merged !== null && isStored ? { ...merged, isComputed: false } : merged;
    }
    if (first.kind === 'char') return types.every((type) => type?.kind === 'char') ? first : null;
    // MySQL's have a sign.
    if (this.#server === 'mysql' && types.length > 1) return null;
    return types.every((type) => type?.kind === 'decimal' && isSameDecimal(type.type, first.type))
      ? first
      : null;
  }

  #isSame(alias: string | null, name: Identifier): boolean {
    const folding = this.#rewriting.context.dialect.lowerCaseTableNames;
    return alias !== null && sameAlias(alias, name.name, folding);
  }
}

/** Their value is one of their first argument's, and so is their type. */
const HANDS_ON = new Set(['min', 'max', 'any_value']);
const WINDOW_FUNCTIONS = new Set(['first_value', 'last_value', 'nth_value', 'lag', 'lead']);
/** MariaDB: of an integer they are one of its type. */
const ROUNDING = new Set(['round', 'floor', 'ceil', 'ceiling']);
const ONE_OF = new Set(['ifnull', 'coalesce', 'least', 'greatest']);

/** An INT alone becomes a BIGINT beside a literal of ten digits. */
function isProtectedInt(type: Type | null): boolean {
  return type?.kind === 'integer' && type.isOfProtected && type.base === 'int' && !type.isComputed;
}

function isNullLiteral(expression: Expression): boolean {
  return expression.kind === 'literal' && expression.type === 'null';
}

function isSameDecimal(one: DecimalColumnType, other: DecimalColumnType): boolean {
  return one.precision === other.precision && one.scale === other.scale;
}

function cteOf(rewriting: Rewriting, { schema, table }: TableName, ctes: Cte | null): Cte | null {
  if (schema !== null) return null;
  for (let cte = ctes; cte !== null; cte = cte.outer) {
    if (isSameCte(rewriting, cte.table.name.name, table.name)) return cte;
  }
  return null;
}

/** Columns of a derived table. @param names those that it gives them */
function renamed(
  columns: readonly TypedColumn[] | null,
  names: readonly Identifier[] | null,
): readonly TypedColumn[] | null {
  if (columns === null || (names !== null && columns.length !== names.length)) return null;
  return columns.map(({ name, type }, i) => ({
    name: names === null ? name : foldName(names[i]?.name ?? ''),
    type: type?.kind === 'null' ? null : type,
  }));
}

const INTEGER_COLUMN = /^(tinyint|smallint|mediumint|int|bigint)(?:\(\d+\))?( unsigned)?$/;

function typeOfColumn({ protection, live }: LogicalColumn): ResultType | null {
  if (protection !== null) return typeOfDeclared(protection.type);
  const [, base, unsigned] = INTEGER_COLUMN.exec(live.columnType) ?? [];
  return base === undefined ? null : integer(base as IntegerBase, unsigned !== undefined, false);
}

function typeOfDeclared(type: ColumnType): ResultType | null {
  if (type.kind === 'integer') return integer(type.base, type.unsigned, true);
  if (type.kind === 'string' && type.base === 'char') return { kind: 'char', isOfProtected: true };
  return type.kind === 'decimal' && type.unsigned ? { kind: 'decimal', type, isOfProtected: true } : null;
}

/** A display width is none of an expression over the column. */
function integer(base: IntegerBase, unsigned: boolean, isOfProtected: boolean): ResultType {
  const digits = integerDigits({ base, unsigned });
  return {
    kind: 'integer',
    base,
    unsigned,
    length: integerLength({ base, unsigned }),
    signedDigits: unsigned ? 0 : digits,
    unsignedDigits: unsigned ? digits : 0,
    isComputed: false,
    isOfProtected,
  };
}
