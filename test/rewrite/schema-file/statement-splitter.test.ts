import { describe, expect, it } from 'vitest';
import {
  type ScriptStatement,
  StatementSplitter,
  type StatementSplitterOptions,
} from '../../../src/rewrite/schema-file/statement-splitter.js';

const DEFAULTS: StatementSplitterOptions = {
  noBackslashEscapes: false,
  ansiQuotes: false,
  atLineEnd: false,
  maxBytes: 1_000_000,
};

function split(
  script: string,
  options: Partial<StatementSplitterOptions> = {},
  chunk = script.length,
): string[] {
  const splitter = new StatementSplitter({ ...DEFAULTS, ...options });
  const bytes = Buffer.from(script);
  const statements: ScriptStatement[] = [];
  for (let at = 0; at < bytes.length; at += chunk)
    statements.push(...splitter.push(bytes.subarray(at, at + chunk)));
  statements.push(...splitter.end());
  return statements.map((statement) =>
    statement.tooLong ? '(too long)' : statement.bytes.toString().trim(),
  );
}

const SCRIPTS: readonly {
  script: string;
  statements: string[];
  options?: Partial<StatementSplitterOptions>;
}[] = [
  { script: '', statements: [] },
  { script: ' \n;;\n-- nothing\n/* at all */ ;', statements: [] },
  { script: 'SELECT 1; SELECT 2;\nSELECT 3', statements: ['SELECT 1', 'SELECT 2', 'SELECT 3'] },
  {
    script: 'SELECT 1; SELECT 2;\nSELECT 3',
    statements: ['SELECT 1; SELECT 2', 'SELECT 3'],
    options: { atLineEnd: true },
  },
  { script: "a ';\n' ; \t\r\nb", statements: ["a ';\n'", 'b'], options: { atLineEnd: true } },
  {
    script: 'a; -- one\nb; # two\nc',
    statements: ['a', '-- one\nb', '# two\nc'],
    options: { atLineEnd: true },
  },
  { script: `a ';' ";" \`;\` b; c`, statements: [`a ';' ";" \`;\` b`, 'c'] },
  { script: "a 'it''s;' b; c", statements: ["a 'it''s;' b", 'c'] },
  { script: "a '\\';' b; c", statements: ["a '\\';' b", 'c'] },
  { script: "a '\\'; b", statements: ["a '\\'", 'b'], options: { noBackslashEscapes: true } },
  { script: 'a "\\"; b', statements: ['a "\\"', 'b'], options: { ansiQuotes: true } },
  { script: 'a -- ;\n b; c', statements: ['a -- ;\n b', 'c'] },
  { script: 'a --; b', statements: ['a --', 'b'] },
  { script: 'a # ;\n b; c', statements: ['a # ;\n b', 'c'] },
  { script: 'a /* ; */ b; c', statements: ['a /* ; */ b', 'c'] },
  {
    script: '/*!50003 CREATE*/ /*!50017 x; y */; c',
    statements: ['/*!50003 CREATE*/ /*!50017 x; y */', 'c'],
  },
  { script: '/*M!100100 x; */; c', statements: ['/*M!100100 x; */', 'c'] },
  { script: 'a;\n-- t\nDELIMITER ;;\nb; c ;;\ndelimiter ;\nd; e', statements: ['a', 'b; c', 'd', 'e'] },
  { script: 'DELIMITER $$\nb; c$$\nDELIMITER ;', statements: ['b; c'] },
  { script: "a 'never; ends", statements: ["a 'never; ends"] },
];

describe('StatementSplitter', () => {
  it.each(SCRIPTS)('splits $script', ({ script, statements, options = {} }) => {
    expect(split(script, options)).toEqual(statements);
  });

  it.each(SCRIPTS)('splits $script in chunks of any size alike', ({ script, statements, options = {} }) => {
    for (let chunk = 1; chunk < Math.max(2, script.length); chunk++) {
      expect(split(script, options, chunk)).toEqual(statements);
    }
  });

  it('reads over a statement that is too long and goes on', () => {
    const script = `a; SELECT '${'x;'.repeat(200)}'; b;`;
    for (const chunk of [1, 7, 64, script.length]) {
      expect(split(script, { maxBytes: 100 }, chunk)).toEqual(['a', '(too long)', 'b']);
    }
  });

  it('takes linear time for a statement of many megabytes in small chunks', () => {
    const splitter = new StatementSplitter({ ...DEFAULTS, maxBytes: 1e9 });
    const chunk = Buffer.from(`'${'y;\n'.repeat(20_000)}',`);
    const started = performance.now();
    for (let i = 0; i < 200; i++) expect(splitter.push(chunk)).toEqual([]);
    const [statement] = splitter.end();
    expect(statement?.bytes.length).toBe(chunk.length * 200);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
