/**
 * Levels of the expression grammar, loosest first. An operator binds an operand on its left only if that operand's
 * level is high enough, and says which level it parses on its right.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/operator-precedence.html, and for the shape of each level
 * https://dev.mysql.com/doc/refman/9.7/en/expressions.html. MariaDB nests predicates where MySQL does not.
 */
export const Level = {
  Or: 1,
  Xor: 2,
  And: 3,
  Not: 4,
  /** `=` … and IS: left-associative, the right side is a predicate. */
  Comparison: 5,
  /** BETWEEN; in MySQL every predicate. */
  Between: 6,
  /** MariaDB: LIKE, REGEXP, IN, SOUNDS LIKE, which there take predicates on their left. */
  Like: 7,
  BitOr: 8,
  BitAnd: 9,
  Shift: 10,
  Add: 11,
  Multiply: 12,
  BitXor: 13,
  /** `||` under PIPES_AS_CONCAT. */
  Concat: 14,
  Unary: 15,
  Primary: 16,
} as const;

export type Level = (typeof Level)[keyof typeof Level];
