/**
 * A statement that the parser does not understand to its end. The message names the construct and holds no literal
 * of the statement.
 */
export class SqlSyntaxError extends Error {
  /** 0-based byte offset in the statement. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.name = 'SqlSyntaxError';
    this.position = position;
  }
}
