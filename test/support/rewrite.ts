import type { Catalog, CatalogColumn, CatalogTable } from '../../src/rewrite/catalog.js';
import type { ColumnType } from '../../src/rewrite/column-type.js';
import { type Dialect, parseSqlMode } from '../../src/rewrite/dialect.js';
import type { ProtectedColumn, ProtectedTable } from '../../src/rewrite/protected-table.js';
import type { RewriteContext, RewriterOptions } from '../../src/rewrite/rewriter.js';
import { SqlRewriter } from '../../src/rewrite/sql-rewriter.js';

export const MYSQL: Dialect = {
  server: { kind: 'mysql', version: 90704 },
  sqlMode: parseSqlMode('ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'),
  characterSetClient: 'utf8mb4',
  lowerCaseTableNames: 0,
};

export const MARIADB: Dialect = {
  ...MYSQL,
  server: { kind: 'mariadb', version: 101119 },
  sqlMode: parseSqlMode('STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER'),
};

const VARCHAR = (length: number): ColumnType => ({
  kind: 'string',
  base: 'varchar',
  length,
  charset: 'utf8mb4',
  collation: undefined,
});

export function protectedColumn(
  logical: string,
  physical: string,
  type: ColumnType = VARCHAR(255),
  equality: 'exact' | 'collation' = 'exact',
): [string, ProtectedColumn] {
  return [logical, { logical, physical, type, equality }];
}

/** The table of the mission, with an integer and a binary column beside it. */
export const USERS: ProtectedTable = {
  schema: 'tenant_app',
  table: 'users',
  tenantColumn: 'tenant_id',
  columns: new Map([
    protectedColumn('email', 'encrypted_email'),
    protectedColumn('phone', 'encrypted_phone', VARCHAR(32)),
  ]),
};

/** A table whose keys all begin with the tenant, with logical names equal to the physical ones. */
export const VAULT: ProtectedTable = {
  schema: 'tenant_app',
  table: 'vault',
  tenantColumn: 'tenant_id',
  columns: new Map([
    protectedColumn('secret', 'secret', VARCHAR(10), 'collation'),
    protectedColumn('age', 'age', { kind: 'integer', base: 'int', bits: 32, unsigned: false }),
    protectedColumn('blob', 'blob', { kind: 'binary', base: 'varbinary', length: 8 }),
  ]),
};

export function column(name: string, columnType: string, more: Partial<CatalogColumn> = {}): CatalogColumn {
  const dataType = columnType.replace(/[( ].*$/, '');
  const textual = /char|text/.test(dataType);
  return {
    name,
    dataType,
    columnType,
    characterSet: textual ? 'utf8mb4' : null,
    collation: textual ? 'utf8mb4_0900_ai_ci' : null,
    nullable: true,
    defaultValue: null,
    autoIncrement: false,
    generated: false,
    invisible: false,
    octetLength: null,
    ...more,
  };
}

const USERS_LIVE: CatalogTable = {
  schema: 'tenant_app',
  name: 'users',
  columns: [
    column('id', 'int', { nullable: false, autoIncrement: true }),
    column('tenant_id', 'varchar(64)', { nullable: false }),
    column('username', 'varchar(100)', { nullable: false }),
    column('encrypted_email', 'varbinary(1040)'),
    column('encrypted_phone', 'varbinary(144)'),
  ],
  keys: [
    { name: 'PRIMARY', unique: true, columns: ['id'] },
    { name: 'tenant', unique: false, columns: ['tenant_id', 'id'] },
  ],
};

const VAULT_LIVE: CatalogTable = {
  schema: 'tenant_app',
  name: 'vault',
  columns: [
    column('tenant_id', 'varchar(64)', { nullable: false }),
    column('id', 'int', { nullable: false }),
    column('secret', 'varbinary(64)'),
    column('age', 'varbinary(32)'),
    column('blob', 'varbinary(32)'),
    column('note', 'varchar(100)'),
  ],
  keys: [{ name: 'PRIMARY', unique: true, columns: ['tenant_id', 'id'] }],
};

export const CATALOG: Catalog = {
  generation: 1,
  tables: new Map([
    ['tenant_app.users', USERS_LIVE],
    ['tenant_app.vault', VAULT_LIVE],
  ]),
  dependents: [{ kind: 'view', schema: 'tenant_app', name: 'user_view' }],
};

/** @param more by default reads are tenant views throughout: what becomes of a statement shows without the inline form */
export function newRewriter(more: Partial<RewriterOptions> = {}): SqlRewriter {
  return new SqlRewriter({
    tables: [USERS, VAULT],
    tenantVariable: 'tenant_id',
    parseDepth: 500,
    planCacheBytes: 64 << 20,
    calls: ['tenant_app.harmless'],
    inlineReads: false,
    ...more,
  });
}

export function context(dialect: Dialect = MYSQL, more: Partial<RewriteContext> = {}): RewriteContext {
  return { dialect, database: 'tenant_app', catalog: CATALOG, prepared: false, safeUpdates: false, ...more };
}

export type Outcome =
  | { readonly outcome: 'forwarded' }
  | { readonly outcome: 'rewritten'; readonly sql: string }
  | {
      readonly outcome: 'refused';
      readonly code: string;
      readonly message: string;
      readonly position: number | undefined;
    };

/** What becomes of a statement for a tenant, in readable form. */
export function outcomeOf(
  rewriter: SqlRewriter,
  sql: string | Buffer,
  rewriteContext: RewriteContext,
  tenant = 't1',
): Outcome {
  const bytes = Buffer.from(sql);
  const { plan } = rewriter.analyse(bytes, 0, bytes.length, rewriteContext);
  if (plan.outcome === 'forward') return { outcome: 'forwarded' };
  try {
    if (plan.outcome === 'refuse') throw rewriter.refusal();
    return { outcome: 'rewritten', sql: rewriter.fill({ tenant }, 0).toString('utf8') };
  } catch (error) {
    const { code, errno, message, position } = error as {
      code?: string;
      errno: number;
      message: string;
      position?: number;
    };
    return { outcome: 'refused', code: code ?? String(errno), message, position };
  }
}
