import type { CatalogColumn } from '../../catalog.js';
import { text } from '../../edits.js';
import { foldLoosely, foldName } from '../../folding.js';
import type { Expression, Identifier, TableName } from '../../parser/ast.js';
import { type AstNode, walk } from '../../parser/walk.js';
import type { ProtectedColumn, ProtectedTable } from '../../protected-table.js';
import { ResolvedTable } from '../../resolved-table.js';
import type { Rewriting } from '../../rewriting.js';
import { type PhysicalType, physicalType } from './physical-types.js';

/** What a column's name in a definition stands for. */
export type ColumnRole =
  | { readonly kind: 'protected'; readonly column: ProtectedColumn }
  | { readonly kind: 'tenant' }
  | { readonly kind: 'plain' };

/** A table of the configuration as DDL names it: there may be none of it in the schema yet, or no longer. */
export class DefinedTable {
  readonly config: ProtectedTable;
  /** null: not in the schema, or not as configured, for the reason in `problem`. */
  readonly live: ResolvedTable | null;
  readonly problem: string;
  private readonly rewriting: Rewriting;
  private isKept = false;
  /** Folded names of keys. */
  private readonly keyNames = new Set<string>();

  private constructor(
    rewriting: Rewriting,
    found: ResolvedTable | { readonly config: ProtectedTable; readonly problem: string },
  ) {
    this.rewriting = rewriting;
    this.config = found.config;
    this.live = found instanceof ResolvedTable ? found : null;
    this.problem = found instanceof ResolvedTable ? '' : found.problem;
  }

  /** The protected table that a name refers to, or null. Refuses views over one, and doubtful names. */
  static find(rewriting: Rewriting, name: TableName): DefinedTable | null {
    const found = rewriting.configuredTable(name);
    return found === null ? null : new DefinedTable(rewriting, found);
  }

  get name(): string {
    return `${this.config.schema}.${this.config.table}`;
  }

  /** The statement is about the table that is there: new keys must not be called like those that it has. */
  keepLive(): this {
    this.isKept = true;
    for (const key of this.live?.live.keys ?? []) this.keyNames.add(foldName(key.name));
    return this;
  }

  /** A column of the table that the statement is about. */
  liveColumn(column: ProtectedColumn): CatalogColumn | null {
    if (!this.isKept) return null;
    return this.live?.columns.find(({ protection }) => protection === column)?.live ?? null;
  }

  physicalType(column: ProtectedColumn): PhysicalType {
    return physicalType(this.config, column, this.liveColumn(column));
  }

  takeKeyName(name: string): void {
    this.keyNames.add(foldName(name));
  }

  /** The name that the server would make for a key without one, of its first column's logical name. */
  newKeyName(column: string): string {
    let name = column;
    for (let number = 2; this.keyNames.has(foldName(name)); number++) name = `${column}_${number}`;
    this.takeKeyName(name);
    return name;
  }

  /** Refuses the name of a physical column, and one that the server may fold to one of ours. */
  role(name: Identifier): ColumnRole {
    const { config, rewriting } = this;
    const folded = foldName(name.name);
    for (const column of config.columns.values()) {
      if (foldName(column.logical) === folded) return { kind: 'protected', column };
    }
    const loose = foldLoosely(name.name);
    for (const { logical, physical } of config.columns.values()) {
      if (foldName(physical) === folded) {
        rewriting.fail(
          'TC_UNSUPPORTED_SQL',
          `${physical} is the physical column of ${logical}, which DDL names by its logical name; write ${logical} and its declared type`,
          name,
        );
      }
      if (foldLoosely(logical) === loose || foldLoosely(physical) === loose) this.refuseDoubtful(name);
    }
    if (config.tenantColumn === undefined) return { kind: 'plain' };
    if (foldName(config.tenantColumn) === folded) return { kind: 'tenant' };
    if (foldLoosely(config.tenantColumn) === loose) this.refuseDoubtful(name);
    return { kind: 'plain' };
  }

  /** Makes the physical name of a logical one that is written; of others nothing. */
  rename(name: Identifier): ColumnRole {
    const role = this.role(name);
    if (role.kind === 'protected') this.writePhysical(name, role.column);
    return role;
  }

  writePhysical(name: Identifier, { physical }: ProtectedColumn): void {
    if (foldName(physical) === foldName(name.name)) return;
    const { edits, forms } = this.rewriting;
    edits.replace(name.start, name.end, () => [text(forms.name(physical))]);
  }

  /** Refuses an expression of a definition that reads a protected column: the server would compute with ciphertext. */
  checkExpression(expression: Expression, construct: string): void {
    walk(expression, (node: AstNode) => {
      if (node.kind === 'query' || node.kind === 'subquery') {
        this.rewriting.unsupported(`a subquery in ${construct}`, node);
      }
      if (node.kind === 'column') this.refuseIn(node.column, construct);
      return true;
    });
  }

  /** Refuses a protected column where only a plain one can stand. */
  refuseIn(name: Identifier, construct: string): void {
    if (this.role(name).kind !== 'protected') return;
    this.rewriting.fail(
      'TC_UNSUPPORTED_SQL',
      `${construct} over the protected column ${name.name} would see ciphertext; leave the column out of it`,
      name,
    );
  }

  private refuseDoubtful(name: Identifier): never {
    return this.rewriting.unsupported('a column name that the server may fold to another one', name);
  }
}
