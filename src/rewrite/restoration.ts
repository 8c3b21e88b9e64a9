import type { ColumnRestoration } from './plan.js';
import type { Rewriting } from './rewriting.js';

/** How the result of a rewritten statement is made to look; null: as it comes. */
export function restorationOf(rewriting: Rewriting): ColumnRestoration | null {
  if (rewriting.isExplained) return null;
  const { inlineResult: inline, rows, origins, types } = rewriting;
  const views = rewriting.views.map(({ alias, table }) => ({ alias, table: table.config }));
  const server = rewriting.context.dialect.server.kind;
  const schemaViews = rewriting.schemaViews.map(({ alias, view }) => ({ alias, view, server }));
  if (views.length === 0 && schemaViews.length === 0 && inline === null && rows === null && types === null) {
    return null;
  }
  return {
    server,
    views,
    inline,
    ...(origins === null ? {} : { origins }),
    ...(types === null ? {} : { types }),
    ...(schemaViews.length === 0 ? {} : { schemaViews }),
    ...(rows === null ? {} : { rows }),
  };
}
