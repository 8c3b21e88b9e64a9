import { describe, expect, it } from 'vitest';
import { type EditContent, Edits, text } from '../../src/rewrite/edits.js';
import { lex } from '../../src/rewrite/lexer.js';
import { checkUntouched } from '../../src/rewrite/postcondition.js';
import { slotSpans } from '../../src/rewrite/slot-spans.js';
import { TokenBuffer } from '../../src/rewrite/tokens.js';
import { MYSQL } from '../support/rewrite.js';

/** What the check says of a statement after one edit of the first occurrence of `at`. */
function check(sql: string, at: string, content: EditContent, insert = false): string | null {
  const statement = Buffer.from(sql);
  const tokens = new TokenBuffer();
  lex(statement, 0, statement.length, MYSQL, tokens);
  const slots = slotSpans(tokens);
  const edits = new Edits(statement, slots);
  const start = statement.indexOf(at);
  edits.replace(start, insert ? start : start + at.length, content);
  return checkUntouched(statement, tokens, edits.segments([]), slots, MYSQL);
}

const SQL = "SELECT a, 'x' FROM users WHERE b = 5 -- end";

describe('checkUntouched', () => {
  it.each<[string, string, string]>([
    ['a derived table', 'users', '(SELECT 1) AS `users`'],
    ['nothing', 'users', ''],
    ['a string and a comment that end', 'users', "/* it's */ 'x'"],
  ])('accepts %s in the place of a name', (_what, at, replacement) => {
    expect(check(SQL, at, () => [text(replacement)])).toBeNull();
  });

  it.each<[string, string, string]>([
    ['opens a string', 'users', "'"],
    ['opens a quoted name', 'users', '`users'],
    ['opens a comment', 'users', 'users /* '],
    ['opens a comment to the end of the line', 'users', 'users -- '],
    ['opens an executable comment', 'users', 'users /*!50000 '],
  ])('finds an edit that %s', (_what, at, replacement) => {
    expect(check(SQL, at, () => [text(replacement)])).not.toBeNull();
  });

  it.each<[string, string, string]>([
    ['joins two words', 'FROM', 'x'],
    ['joins a word and a number', '5', 'e'],
    ['doubles a quote', "'x'", "''"],
    ['makes a comparison another one', '= 5', '<'],
  ])('finds an insertion that %s', (_what, at, inserted) => {
    expect(check(SQL, at, () => [text(inserted)], true)).toBe('a token outside the edits changed');
  });

  it('finds copied text that ends inside a token', () => {
    const statement = Buffer.from('SELECT abc');
    const tokens = new TokenBuffer();
    lex(statement, 0, statement.length, MYSQL, tokens);
    const edits = new Edits(statement, []);
    edits.replace(8, 10, () => []);
    expect(checkUntouched(statement, tokens, edits.segments([]), [], MYSQL)).toBe('a token was cut');
  });

  it('finds a slot that the statement does not have', () => {
    expect(check(SQL, 'users', () => [{ kind: 'slot', slot: 7 }])).toBe(
      'a slot that the statement does not have',
    );
  });
});
