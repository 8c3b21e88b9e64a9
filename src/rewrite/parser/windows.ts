import type { Expression } from './ast.js';
import { intervalUnit } from './intervals.js';
import { Level } from './levels.js';
import { orderItems } from './order-by.js';
import type { Parser } from './parser.js';

const NULL_TREATMENT = new Set(['LEAD', 'LAG', 'FIRST_VALUE', 'LAST_VALUE', 'NTH_VALUE']);

/**
 * What may follow a call: FROM FIRST, RESPECT NULLS, WITHIN GROUP (…), OVER …; expressions go into `extra`.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/window-functions-usage.html
 * @returns whether there is an OVER clause
 */
export function windowClause(parser: Parser, functionName: string, extra: Expression[]): boolean {
  if (functionName === 'NTH_VALUE' && !parser.acceptWords('FROM', 'FIRST'))
    parser.acceptWords('FROM', 'LAST');
  if (NULL_TREATMENT.has(functionName) && !parser.acceptWords('RESPECT', 'NULLS')) {
    parser.acceptWords('IGNORE', 'NULLS');
  }
  if (parser.mariadb && parser.atWord('WITHIN') && parser.atWord('GROUP', 1)) {
    parser.acceptWords('WITHIN', 'GROUP');
    parser.expect('(', 'WITHIN GROUP');
    parser.expectWord('ORDER', 'WITHIN GROUP');
    parser.expectWord('BY', 'WITHIN GROUP');
    for (const item of orderItems(parser)) extra.push(item.expression);
    parser.expect(')', 'WITHIN GROUP');
  }
  if (!parser.acceptWord('OVER')) return false;
  if (parser.at('(')) windowSpecification(parser, extra);
  else parser.identifier('OVER');
  return true;
}

/** `([name] [PARTITION BY …] [ORDER BY …] [frame])`. */
export function windowSpecification(parser: Parser, extra: Expression[]): void {
  parser.expect('(', 'window');
  if (parser.atIdentifier()) parser.identifier('window');
  if (parser.acceptWord('PARTITION')) {
    parser.expectWord('BY', 'PARTITION BY');
    for (const item of orderItems(parser)) extra.push(item.expression);
  }
  if (parser.acceptWord('ORDER')) {
    parser.expectWord('BY', 'ORDER BY');
    for (const item of orderItems(parser)) extra.push(item.expression);
  }
  if (parser.acceptOneOf(['ROWS', 'RANGE', 'GROUPS']) !== null) frame(parser, extra);
  parser.expect(')', 'window');
}

/** https://dev.mysql.com/doc/refman/9.7/en/window-functions-frames.html */
function frame(parser: Parser, extra: Expression[]): void {
  if (parser.acceptWord('BETWEEN')) {
    frameBound(parser, extra);
    parser.expectWord('AND', 'window frame');
    frameBound(parser, extra);
  } else {
    frameBound(parser, extra);
  }
  if (!parser.acceptWord('EXCLUDE')) return;
  const excluded =
    parser.acceptWords('CURRENT', 'ROW') ||
    parser.acceptWords('NO', 'OTHERS') ||
    parser.acceptWord('GROUP') ||
    parser.acceptWord('TIES');
  if (!excluded) parser.fail('EXCLUDE: CURRENT ROW, GROUP, TIES … is missing');
}

function frameBound(parser: Parser, extra: Expression[]): void {
  if (parser.acceptWords('CURRENT', 'ROW')) return;
  if (!parser.acceptWord('UNBOUNDED')) {
    const withUnit = parser.acceptWord('INTERVAL');
    extra.push(parser.expression(withUnit ? Level.Or : Level.BitOr));
    if (withUnit) intervalUnit(parser, 'window frame');
  }
  if (parser.acceptOneOf(['PRECEDING', 'FOLLOWING']) === null) {
    parser.fail('window frame: PRECEDING or FOLLOWING is missing');
  }
}
