import type { Statement } from '../../../src/rewrite/parser/ast.js';
import { type AstNode, forEachChild } from '../../../src/rewrite/parser/walk.js';

/**
 * What is wrong with the spans of a tree, or null: each node lies in its parent and is not empty; siblings follow one
 * another without overlap.
 */
export function spanFault(statement: Statement): string | null {
  const pending: AstNode[] = [statement];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const parent = node;
    if (parent.end <= parent.start) return `${parent.kind} at ${parent.start} is empty`;
    let after = parent.start;
    let fault: string | null = null;
    forEachChild(parent, (child) => {
      if (child.start < after || child.end > parent.end) {
        fault ??= `${child.kind} ${child.start}–${child.end} in ${parent.kind} ${parent.start}–${parent.end} after ${after}`;
      }
      after = child.end;
      pending.push(child);
    });
    if (fault !== null) return fault;
  }
  return null;
}
