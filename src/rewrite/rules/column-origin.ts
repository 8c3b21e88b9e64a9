import type { ColumnOrigin } from '../plan.js';
import type { ResolvedTable } from '../resolved-table.js';
import type { RewriteContext } from '../rewriter.js';

/** Where the columns of a table are, as errors name it, and what values for them are checked under. */
export function columnOrigin({ dialect }: RewriteContext, { config }: ResolvedTable): ColumnOrigin {
  const { server, sqlMode } = dialect;
  return { schema: config.schema, table: config.table, server: server.kind, sqlMode };
}
