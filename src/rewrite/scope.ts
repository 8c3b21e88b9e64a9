import type { Expression, NamedTable, Span } from './parser/ast.js';
import type { TemplateOp } from './plan.js';
import type { LogicalColumn, ResolvedTable } from './resolved-table.js';

/** One reference to a protected table in FROM that a tenant view will stand for. */
export interface ViewReference {
  readonly reference: Pick<NamedTable, 'name' | 'alias' | 'partition' | 'indexHints'> & Span;
  readonly table: ResolvedTable;
  /** What columns are qualified with: the alias, or the table's own name. */
  readonly alias: string;
  /** `u.encrypted_email = AES_ENCRYPT(…)`, to let an index serve; each an own conjunct. */
  readonly ciphertextPredicates: TemplateOp[][];
  /** Protected columns whose ciphertext the view gives as well, for joins by it. */
  readonly ciphertexts: Set<LogicalColumn>;
  /** A star of its block takes all columns that it has. */
  readonly isStarred: boolean;
  /** Its block groups its rows, so that subqueries see no other columns of it than those it is grouped by. */
  readonly isGrouped: boolean;
}

/** CTE names that are visible where a table reference stands; innermost first. */
export interface CteScope {
  readonly name: string;
  readonly next: CteScope | null;
  /** What its columns are called, folded, in order; absent or null: not known. */
  readonly columns?: readonly string[] | null;
  /** The server may take the table of this name instead; so with all behind it. */
  readonly doubtful?: true;
}

/**
 * The table that an UPDATE or DELETE works on, under its own name: its columns are decrypted where they are read,
 * reference by reference.
 */
export interface DirectTable {
  readonly table: ResolvedTable;
  readonly alias: string;
  /** `alias` as SQL text, quoted. */
  readonly aliasText: string;
  /** Of the row that an INSERT or LOAD DATA fills: the columns that have got their value so far. */
  readonly filled?: ReadonlySet<LogicalColumn>;
}

/** The tables of one query block, and those of the blocks around it. */
export interface BlockScope {
  readonly views: readonly ViewReference[];
  readonly directs: readonly DirectTable[];
  /** Aliases of all other tables of the block. */
  readonly otherAliases: readonly string[];
  /** Something in FROM (a derived table, a table that is not protected) whose columns are not known. */
  readonly opaque: boolean;
  /** Folded names of the columns of the others that are known. */
  readonly otherColumns: ReadonlySet<string>;
  readonly parent: BlockScope | null;
}

/** A block in which no table stands. */
export function emptyBlock(parent: BlockScope | null): BlockScope {
  return { views: [], directs: [], otherAliases: [], opaque: false, otherColumns: new Set(), parent };
}

export interface Scope {
  readonly ctes: CteScope | null;
  readonly block: BlockScope | null;
}

/** What the joins of one block say. */
export interface JoinFacts {
  readonly conditions: Expression[];
  /** Folded column names of USING. */
  readonly using: Set<string>;
  natural: boolean;
  /** A LEFT or RIGHT join. */
  outer: boolean;
}
