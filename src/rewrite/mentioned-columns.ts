import { foldLoosely, hasNonAscii } from './folding.js';
import type { TokenList } from './token-list.js';
import { TokenKind } from './tokens.js';

/** Names that every server reads as one word and folds alike; columns of other names are never left out. */
const PLAIN_NAME = /^[a-z][a-z0-9_]*$/i;

/**
 * Which columns of a table a statement could reach by name. Read off its tokens, not the parser's tree: a name
 * counts wherever it stands (USING, a function's argument, an alias, an index hint), so that a column that is left
 * out is one that nothing in the statement can mean, and no name binds elsewhere for want of it. The tokens looked
 * at are part of the shape (shape.ts): plans may depend on them.
 */
export class MentionedColumns {
  private readonly tokens: TokenList;
  /** Folded names that stand without a qualifier, or whose qualifier is not certain. */
  private readonly unqualified = new Set<string>();
  /** `qualifier.name` and `qualifier.*`, folded. */
  private readonly qualified = new Set<string>();
  /** Columns are taken that are not written, or names are written that servers fold in ways of their own. */
  private all = false;
  private isRead = false;

  constructor(tokens: TokenList) {
    this.tokens = tokens;
  }

  /**
   * @param alias what the table's columns are qualified with
   * @param column its name in the eyes of the application
   * @returns false only when the statement can't mean the column by a name; a bare `*` is not looked at
   */
  has(alias: string, column: string): boolean {
    if (!this.isRead) this.read();
    if (this.all || !PLAIN_NAME.test(column)) return true;
    const name = foldLoosely(column);
    const qualifier = foldLoosely(alias);
    return (
      this.unqualified.has(name) ||
      this.qualified.has(`${qualifier}.${name}`) ||
      this.qualified.has(`${qualifier}.*`)
    );
  }

  private read(): void {
    this.isRead = true;
    const { tokens } = this;
    for (let index = 0; index < tokens.count; index++) {
      if (tokens.isName(index)) this.addName(index);
      else if (this.isSign(index, '*') && this.isSign(index - 1, '.')) this.add(index, '*');
    }
  }

  private addName(index: number): void {
    const name = this.tokens.name(index);
    // NATURAL joins by whatever columns both sides have.
    if (hasNonAscii(name) || this.tokens.is(index, 'NATURAL')) this.all = true;
    else this.add(index, foldLoosely(name));
  }

  private add(index: number, name: string): void {
    const { tokens } = this;
    if (!this.isSign(index - 1, '.')) {
      this.unqualified.add(name);
    } else if (index >= 2 && tokens.isName(index - 2) && tokens.end(index - 2) === tokens.start(index - 1)) {
      this.qualified.add(`${foldLoosely(tokens.name(index - 2))}.${name}`);
    } else if (name === '*') {
      this.all = true;
    } else {
      // What stands apart from the dot may be a keyword: `SELECT .email`.
      this.unqualified.add(name);
    }
  }

  /** By kind first: other tokens may be literals of megabytes. */
  private isSign(index: number, sign: string): boolean {
    const { tokens } = this;
    return index >= 0 && tokens.kind(index) === TokenKind.Punctuation && tokens.is(index, sign);
  }
}
