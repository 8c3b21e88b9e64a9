import type { TokenList } from '../token-list.js';
import { TokenKind } from '../tokens.js';

/**
 * Statements on whole tables that show nothing of their rows and write none: the server gets them as they are. A tenant
 * view reads its table under the alias that the client gave it, so that what LOCK TABLES names is what is read.
 *
 * CHECKSUM TABLE is none of them: it would count ciphertext, of all tenants.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/lock-tables.html,
 * https://dev.mysql.com/doc/refman/9.7/en/table-maintenance-statements.html
 */
interface TableStatement {
  /** Words that may stand before TABLE. */
  readonly before: readonly string[];
  /** What may stand behind each table: word sequences. */
  readonly each: readonly string[];
  /** What may stand behind the list, in any number. */
  readonly behind: readonly string[];
  readonly aliases: boolean;
}

const BINLOG = ['NO_WRITE_TO_BINLOG', 'LOCAL'];
const WAITING = ['NOWAIT', 'WAIT #'];

const STATEMENTS: ReadonlyMap<string, TableStatement> = new Map([
  [
    'LOCK',
    {
      before: [],
      each: ['READ LOCAL', 'READ', 'WRITE CONCURRENT', 'WRITE', 'LOW_PRIORITY WRITE'],
      behind: WAITING,
      aliases: true,
    },
  ],
  ['ANALYZE', { before: BINLOG, each: [], behind: [], aliases: false }],
  [
    'CHECK',
    {
      before: [],
      each: [],
      behind: ['FOR UPGRADE', 'QUICK', 'FAST', 'MEDIUM', 'EXTENDED', 'CHANGED'],
      aliases: false,
    },
  ],
  ['OPTIMIZE', { before: BINLOG, each: [], behind: WAITING, aliases: false }],
  ['REPAIR', { before: BINLOG, each: [], behind: ['QUICK', 'EXTENDED', 'USE_FRM', 'FORCE'], aliases: false }],
  ['FLUSH', { before: BINLOG, each: [], behind: ['WITH READ LOCK', 'FOR EXPORT'], aliases: false }],
]);

/** Whether a statement is one of these, to its end: each of its tokens is understood. */
export function isTableStatement(tokens: TokenList, verb: string): boolean {
  const statement = STATEMENTS.get(verb);
  if (statement === undefined) return false;
  const reader = new TableStatementReader(tokens);
  reader.words(statement.before);
  if (!reader.words(['TABLE', 'TABLES'])) return false;
  do {
    if (!reader.name()) return false;
    if (statement.aliases) reader.alias();
    if (statement.each.length > 0 && !reader.words(statement.each)) return false;
  } while (reader.words([',']));
  while (reader.words(statement.behind));
  return reader.atEnd;
}

class TableStatementReader {
  private index = 1;

  constructor(private readonly tokens: TokenList) {}

  get atEnd(): boolean {
    const { tokens, index } = this;
    return index === tokens.count || (index === tokens.count - 1 && tokens.is(index, ';'));
  }

  /** Takes the first of some sequences that stands here; `#` is a number. */
  words(sequences: readonly string[]): boolean {
    for (const sequence of sequences) {
      const words = sequence.split(' ');
      const matches = words.every((word, offset) => this.matches(this.index + offset, word));
      if (!matches) continue;
      this.index += words.length;
      return true;
    }
    return false;
  }

  /** `t` or `db.t`. */
  name(): boolean {
    if (!this.isName(this.index)) return false;
    this.index++;
    if (!this.tokens.is(this.index, '.')) return true;
    if (!this.isName(this.index + 1)) return false;
    this.index += 2;
    return true;
  }

  /** `AS a`, or `a`, which is no type of lock. */
  alias(): void {
    if (this.tokens.is(this.index, 'AS') && this.isName(this.index + 1)) this.index += 2;
    else if (this.isName(this.index) && !LOCK_WORDS.some((word) => this.matches(this.index, word))) {
      this.index++;
    }
  }

  private isName(index: number): boolean {
    return index < this.tokens.count && this.tokens.isName(index);
  }

  private matches(index: number, word: string): boolean {
    const { tokens } = this;
    if (index >= tokens.count) return false;
    const kind = tokens.kind(index);
    if (word === '#') return kind === TokenKind.Integer;
    return (kind === TokenKind.Word || kind === TokenKind.Punctuation) && tokens.is(index, word);
  }
}

const LOCK_WORDS = ['READ', 'WRITE', 'LOW_PRIORITY'];
