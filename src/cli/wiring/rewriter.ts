import type { Config } from '../../config/config.js';
import type { Rewriter } from '../../rewrite/rewriter.js';
import { SqlRewriter } from '../../rewrite/sql-rewriter.js';

/** The user variable that carries the tenant, or null: the configuration allows one. */
export function tenantVariableOf(config: Config): string | null {
  const source = config.tenant?.sources.find(({ kind }) => kind === 'userVariable');
  return source?.kind === 'userVariable' ? source.name : null;
}

/** The rewriter that the configuration asks for. */
export function createRewriter(config: Config): Rewriter {
  return new SqlRewriter({
    tables: [...config.tables.values()],
    tenantVariable: tenantVariableOf(config),
    parseDepth: config.limits.parseDepth,
    planCacheBytes: config.limits.planCacheBytes,
    calls: config.policy.calls,
    dynamicSql: config.policy.dynamicSql,
    plaintextInto: config.policy.plaintextInto,
  });
}
