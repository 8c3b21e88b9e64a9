import { ServerError } from '../errors.js';
import type { Dialect } from '../rewrite/dialect.js';
import { endOfText, firstStatement, type StatementSpan } from '../rewrite/first-statement.js';

const ER_PARSE_ERROR = 1064;
/** Bytes of the statement that the server shows in a syntax error. */
const NEAR_LENGTH = 80;

/**
 * The statements of one COM_QUERY that go to the backend one by one: each is read only when the one before has been
 * answered, under the sql_mode and character set that it has left, as the server does it with the whole.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase_sp.html
 */
export class StatementSequence {
  readonly #text: Buffer;
  readonly #start: number;
  readonly #end: number;
  #span: StatementSpan;

  /** @param start where the text begins in the command's payload, whose end is the text's */
  constructor(payload: Buffer, start: number, dialect: Dialect) {
    this.#text = payload;
    this.#start = start;
    this.#end = endOfText(payload, start, payload.length, dialect);
    this.#span = firstStatement(payload, start, this.#end, dialect);
  }

  /** The statement under way, as offsets into the command's payload. */
  get span(): StatementSpan {
    return this.#span;
  }

  /** Where the statement under way begins in the client's text. */
  get offset(): number {
    return this.#span.start - this.#start;
  }

  get isLast(): boolean {
    return this.#span.next < 0;
  }

  /** Nothing but comments stand where a statement is awaited, and another one follows. */
  get isMissing(): boolean {
    return !this.isLast && this.#span.firstToken === this.#span.end;
  }

  /** Goes on to the next statement; there must be one. {@link read} finds its end. */
  advance(): void {
    const { next } = this.#span;
    this.#span = { start: next, firstToken: next, end: this.#end, next: -1 };
  }

  /** Reads the statement under way, under what the session is in by now. */
  read(dialect: Dialect): StatementSpan {
    this.#span = firstStatement(this.#text, this.#span.start, this.#end, dialect);
    return this.#span;
  }

  /** Nothing follows: the statement under way has ended the response. */
  stop(): void {
    this.#span = { ...this.#span, next: -1 };
  }

  /** What the server says where a statement is missing. */
  missing(dialect: Dialect): ServerError {
    return this.#syntaxError(this.#span.start, this.#span.end, dialect);
  }

  /** What the server says of the second statement to a client without CLIENT_MULTI_STATEMENTS. */
  unexpected(dialect: Dialect): ServerError {
    if (this.isMissing) return this.missing(dialect);
    const second = firstStatement(this.#text, this.#span.next, this.#end, dialect);
    return this.#syntaxError(this.#span.start, second.firstToken, dialect);
  }

  /** @param start of the line that counts as the first */
  #syntaxError(start: number, at: number, dialect: Dialect): ServerError {
    const mariadb = dialect.server.kind === 'mariadb';
    const product = mariadb ? 'MariaDB' : 'MySQL';
    const near = this.#near(at, mariadb, dialect.characterSetClient.startsWith('utf8'));
    let line = 1;
    for (let i = start; i < at; i++) if (this.#text[i] === 0x0a) line++;
    return new ServerError(
      ER_PARSE_ERROR,
      '42000',
      `You have an error in your SQL syntax; check the manual that corresponds to your ${product} server version for the right syntax to use near '${near}' at line ${line}`,
    );
  }

  #near(at: number, mariadb: boolean, utf8: boolean): string {
    const text = this.#text;
    if (this.#end - at <= NEAR_LENGTH) return text.toString(utf8 ? 'utf8' : 'latin1', at, this.#end);
    const dots = mariadb ? '...' : '';
    let end = at + NEAR_LENGTH - dots.length;
    // No half characters.
    while (utf8 && ((text[end] ?? 0) & 0xc0) === 0x80) end--;
    return `${text.toString(utf8 ? 'utf8' : 'latin1', at, end)}${dots}`;
  }
}
