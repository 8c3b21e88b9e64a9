import { describe, expect, it } from 'vitest';
import { configuration, madeUpTables, plainSchemaSql, protectedSchemaSql } from './made-up-schema.js';
import type { CorpusStatement } from './read-corpus.js';

const statement = (sql: string): CorpusStatement => ({
  sql,
  source: 'here',
  class: 'SELECT',
  tier: 'app',
  valid: 'both',
});

describe('the made-up schema', () => {
  const tables = madeUpTables([
    statement("SELECT c.title, `c`.`body` FROM `cards` AS c WHERE c.id = 1 AND c.title <> 'from walls'"),
    statement('INSERT INTO cards (title, stars) VALUES (?, ?) ON DUPLICATE KEY UPDATE stars = stars + 1'),
    statement('WITH recent AS (SELECT title FROM cards) SELECT COUNT(title) FROM recent'),
  ]);

  it('has the tables that statements name, and no words of strings, upserts or common table expressions', () => {
    expect(tables.map(({ name, statements }) => ({ name, statements }))).toEqual([
      { name: 'cards', statements: 3 },
    ]);
  });

  it('has the names beside a table as its columns, numbers among them', () => {
    const columns = new Map(tables[0]?.columns.map((column) => [column.name, column]));
    expect(columns.get('id')?.type).toBe('INT');
    expect(columns.get('title')?.physical).toBe('encrypted_title');
    expect([...columns.keys()]).toEqual(expect.arrayContaining(['id', 'title', 'body', 'stars']));
  });

  it('is ciphertext on the one side and plain on the other', () => {
    expect(protectedSchemaSql(tables)[0]).toContain('`encrypted_title` VARBINARY');
    expect(plainSchemaSql(tables)[0]).toContain('`title` VARCHAR(255)');
    expect(configuration(tables)['tables']).toHaveProperty(['tc_corpus.cards', 'columns', 'title']);
  });
});
