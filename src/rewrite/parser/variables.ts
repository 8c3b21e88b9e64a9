import type { SystemVariable } from './ast.js';
import type { Parser } from './parser.js';

/** `@@name`, `@@session.name`, `@@component.name`; the name keeps its scope, in lower case. */
export function systemVariable(parser: Parser): SystemVariable {
  const { start } = parser;
  parser.advance();
  let name = parser.identifierAfterDot('@@').name;
  while (parser.accept('.')) name += `.${parser.identifierAfterDot('@@').name}`;
  return { kind: 'systemVariable', name: name.toLowerCase(), start, end: parser.previousEnd };
}
