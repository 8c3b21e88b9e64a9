import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSqlMode } from '../../src/rewrite/dialect.js';
import { lex } from '../../src/rewrite/lexer.js';
import type { RewriteContext } from '../../src/rewrite/rewriter.js';
import { isTriviaKind, TokenBuffer, TokenKind } from '../../src/rewrite/tokens.js';
import { brief } from '../support/brief-views.js';
import { CATALOG, context, MARIADB, MYSQL, newRewriter, outcomeOf } from '../support/rewrite.js';

function analyse(rewriter: ReturnType<typeof newRewriter>, sql: string, of = context()) {
  const bytes = Buffer.from(sql);
  const analysis = rewriter.analyse(bytes, 0, bytes.length, of);
  const { outcome } = analysis.plan;
  return {
    hit: analysis.cacheHit,
    skipped: analysis.skipped,
    outcome,
    sql: outcome === 'rewrite' ? rewriter.fill({ tenant: 't1' }, 0).toString('utf8') : null,
  };
}

describe('the plan cache', () => {
  it('shares one plan between statements that differ in literals and comments', () => {
    const rewriter = newRewriter();
    expect(analyse(rewriter, "SELECT id FROM users WHERE email = 'a' /* 1 */").hit).toBe(false);
    const second = analyse(rewriter, "SELECT id FROM users WHERE email = 'it''s \\' b' /* two */");
    expect(second.hit).toBe(true);
    expect(brief(second.sql!)).toBe(
      "SELECT id FROM «users(id,email) users | `encrypted_email`=AES_ENCRYPT(CONVERT('it''s \\' b' USING utf8mb4))» WHERE email = 'it''s \\' b' /* two */",
    );
    expect(rewriter.stats).toMatchObject({ hits: 1, misses: 1, entries: 1 });
    expect(rewriter.stats.bytes).toBeGreaterThan(0);
  });

  it.each([
    ["SELECT id FROM users WHERE email = 'a'", 'SELECT id FROM users WHERE email = 5'],
    ['SELECT id FROM users', 'SELECT id  FROM users'],
    ['SELECT id FROM users', 'select id FROM users'],
    ['SELECT id FROM users', 'SELECT username FROM users'],
    ['SELECT 1 AS id FROM users', 'SELECT 1 AS no FROM users'],
    ['SELECT id FROM users LIMIT 1', 'SELECT id FROM users LIMIT ?'],
  ])('keeps %s apart from %s', (first, second) => {
    const rewriter = newRewriter();
    analyse(rewriter, first);
    expect(analyse(rewriter, second).hit).toBe(false);
  });

  it('keeps contexts apart, and knows equal ones', () => {
    const rewriter = newRewriter();
    const sql = 'SELECT id FROM users';
    expect(analyse(rewriter, sql).hit).toBe(false);
    expect(analyse(rewriter, sql, context()).hit).toBe(true);
    expect(analyse(rewriter, sql, context(MARIADB)).hit).toBe(false);
    expect(analyse(rewriter, sql, context(MYSQL, { database: 'other' }))).toMatchObject({
      hit: false,
      outcome: 'forward',
    });
    expect(analyse(rewriter, sql, context(MYSQL, { prepared: true })).hit).toBe(false);
    expect(analyse(rewriter, sql, context(MYSQL, { safeUpdates: true })).hit).toBe(false);
    expect(analyse(rewriter, sql, context(MYSQL, { catalog: { ...CATALOG, generation: 9 } })).hit).toBe(
      false,
    );
    expect(analyse(rewriter, sql).hit).toBe(true);
  });

  it('lets any number of rows share a plan', () => {
    const rewriter = newRewriter();
    const insert = (rows: number): string =>
      `INSERT INTO users (id, username) VALUES ${Array.from({ length: rows }, (_, i) => `(${i}, 'u${i}')`).join(', ')}`;
    analyse(rewriter, insert(2));
    const many = analyse(rewriter, insert(50));
    expect(many.hit).toBe(true);
    expect(many.sql!.match(/'u\d+'/g)).toHaveLength(50);
  });

  it('remembers refusals, and moves their position with the literals in front', () => {
    const rewriter = newRewriter();
    const refused = (sql: string): number | undefined => {
      const outcome = outcomeOf(rewriter, sql, context());
      return outcome.outcome === 'refused' ? outcome.position : -1;
    };
    expect(refused("SELECT 'a', email FROM users INTO @x")).toBe(29);
    expect(refused("SELECT 'abcd', email FROM users INTO @x")).toBe(32);
    expect(rewriter.stats.hits).toBe(1);
  });

  it('binds a plan to the string of PREPARE', () => {
    const rewriter = newRewriter();
    expect(analyse(rewriter, "PREPARE s FROM 'SELECT 1'").outcome).toBe('forward');
    expect(analyse(rewriter, "PREPARE s FROM 'SELECT email FROM users'")).toMatchObject({
      outcome: 'refuse',
      hit: false,
    });
    expect(analyse(rewriter, "PREPARE s FROM 'SELECT 1'")).toMatchObject({ outcome: 'forward', hit: true });
  });

  it('does not read statements without protected names at all', () => {
    const rewriter = newRewriter();
    expect(analyse(rewriter, 'SELECT 1 FROM t')).toMatchObject({ skipped: true, outcome: 'forward' });
    expect(rewriter.stats).toMatchObject({ hits: 0, misses: 0 });
  });
});

/** Significant tokens as text. */
function tokensOf(sql: string): string[] {
  const bytes = Buffer.from(sql);
  const tokens = new TokenBuffer();
  lex(bytes, 0, bytes.length, MYSQL, tokens);
  const texts: string[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const kind = tokens.kind[index]!;
    if (isTriviaKind(kind) || kind === TokenKind.End) continue;
    texts.push(bytes.toString('utf8', tokens.start[index], tokens.end[index]));
  }
  return texts;
}

const literal = fc.oneof(
  fc.integer({ min: 0, max: 1_000_000 }).map(String),
  fc.string({ maxLength: 12 }).map((s) => `'${s.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`),
  fc.constantFrom("''", "'--'", "'/*'", "'`'", '"users"', "'é😀'", "x'00ff'", '1.5', 'NULL'),
);
const space = fc.constantFrom(' ', '\n', '\t ', " /* it's */ ", ' -- x\n', ' # y\n');
const SHAPES = [
  'SELECT email FROM users WHERE phone = ¤ AND id > ¤',
  'SELECT u.*, o.x FROM users u LEFT JOIN orders o ON o.id = u.id AND o.y = ¤ WHERE u.email IN (¤, ¤)',
  'SELECT COUNT(*) FROM users GROUP BY username HAVING MAX(email) > ¤',
  'SELECT ¤ AS a FROM vault WHERE age = ¤ UNION SELECT ¤ FROM orders ORDER BY 1',
  'WITH c AS (SELECT id FROM users WHERE email LIKE ¤) SELECT * FROM c WHERE id <> ¤',
];

describe('what is not edited', () => {
  it('is what the server reads: every token outside the views is the client’s, in order', () => {
    const rewriter = newRewriter();
    fc.assert(
      fc.property(
        fc.constantFrom(...SHAPES),
        fc.array(literal, { minLength: 4, maxLength: 4 }),
        fc.array(space, { minLength: 30, maxLength: 30 }),
        (shape, literals, spaces) => {
          let space = 0;
          let slot = 0;
          const sql = shape
            .replaceAll(' ', () => spaces[space++ % spaces.length]!)
            .replaceAll('¤', () => literals[slot++]!);
          const outcome = outcomeOf(rewriter, sql, context());
          expect(outcome.outcome).toBe('rewritten');
          if (outcome.outcome !== 'rewritten') return;
          const rest = withoutViews(outcome.sql);
          expect(tokensOf(rest)).toEqual(tokensOf(withoutReferences(sql)));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is forwarded byte for byte where no protected table is named', () => {
    const rewriter = newRewriter();
    fc.assert(
      fc.property(
        fc.constantFrom(
          "SELECT 'users', ¤ FROM t",
          'SELECT users FROM other.users WHERE x = ¤',
          'INSERT INTO log (users) VALUES (¤), (¤)',
          'UPDATE customers SET users = ¤ WHERE vault = ¤',
          'WITH users AS (SELECT ¤) SELECT * FROM users',
        ),
        literal,
        literal,
        (shape, first, second) => {
          const literals = [first, second];
          const sql = shape.replaceAll('¤', () => literals.shift() ?? '1');
          expect(outcomeOf(rewriter, sql, context())).toEqual({ outcome: 'forwarded' });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps a statement’s place in a longer buffer', () => {
    const rewriter = newRewriter();
    const bytes = Buffer.from('\x03SELECT id FROM users;garbage');
    const { plan } = rewriter.analyse(bytes, 1, 21, context());
    expect(plan.outcome).toBe('rewrite');
    const filled = rewriter.fill({ tenant: 't1' }, 5);
    expect(filled.subarray(5, 20).toString()).toBe('SELECT id FROM ');
    expect(brief(filled.toString('utf8', 5))).toBe('SELECT id FROM «users(id) users»');
  });
});

/** Cuts out what stands for users and vault: the outermost derived tables that read from `tenant_app`. */
function withoutViews(sql: string): string {
  let text = sql;
  for (;;) {
    const start = /\(SELECT (?:`\w+`\.`|\(?(?:CAST\(|CONVERT\(|LEFT\()+AES_DECRYPT\()/.exec(text)?.index;
    if (start === undefined) return text;
    const end = closing(text, start);
    const alias = /^ AS `\w+`/.exec(text.slice(end))!;
    text = `${text.slice(0, start)} ${text.slice(end + alias[0].length)}`;
  }
}

function closing(text: string, start: number): number {
  const bytes = Buffer.from(text);
  const tokens = new TokenBuffer();
  lex(bytes, 0, bytes.length, MYSQL, tokens);
  const from = Buffer.byteLength(text.slice(0, start));
  let depth = 0;
  for (let index = 0; index < tokens.length; index++) {
    if (tokens.start[index]! < from || tokens.kind[index] !== TokenKind.Punctuation) continue;
    const sign = bytes.toString('latin1', tokens.start[index], tokens.end[index]);
    if (sign === '(') depth++;
    if (sign === ')' && --depth === 0) return bytes.toString('utf8', 0, tokens.end[index]).length;
  }
  throw new Error('unbalanced');
}

/** The client's statement without its references to protected tables in FROM. */
function withoutReferences(sql: string): string {
  const gap = String.raw`((?:\s|/\*.*?\*/|--[^\n]*\n|#[^\n]*\n)+)`;
  return sql.replace(new RegExp(`(FROM)${gap}(users${gap}u\\b|users|vault)`, 'g'), '$1$2');
}

describe('the second reader', () => {
  it('tells table names apart by case where the server does', () => {
    const rewriter = newRewriter();
    expect(outcomeOf(rewriter, 'SELECT * FROM Users', context())).toEqual({ outcome: 'forwarded' });
    expect(outcomeOf(rewriter, 'SELECT 1 FROM users u, Users v', context())).toMatchObject({
      outcome: 'rewritten',
    });
    const folding = context({ ...MYSQL, lowerCaseTableNames: 1 });
    expect(outcomeOf(rewriter, 'SELECT * FROM Users', folding)).toMatchObject({ outcome: 'rewritten' });
  });
});

describe('statements under a sql_mode or character set that can not be read', () => {
  const gbk = context({ ...MARIADB, characterSetClient: 'gbk' });
  const unknown: RewriteContext = { ...context(), unknown: true };

  it('waits with information_schema until the state is known', () => {
    const columns = 'SELECT column_name FROM Information_Schema.columns';
    expect(analyse(newRewriter(), columns, unknown).outcome).toBe('refuse');
    expect(
      analyse(newRewriter(), 'TABLE columns', { ...unknown, database: 'information_schema' }).outcome,
    ).toBe('refuse');
    expect(analyse(newRewriter(), columns, gbk).outcome).toBe('forward');
  });

  it.each([
    'SET @a = 1',
    "CREATE USER '%@b'@'b'",
    'SET @`content` := 1',
    'SELECT @`a b`, @"c"',
    'SELECT ROW_COUNT(), @x',
  ])('lets %s pass', (sql) => {
    expect(analyse(newRewriter(), sql, gbk).outcome).toBe('forward');
    expect(analyse(newRewriter(), sql, unknown).outcome).toBe('forward');
  });

  it.each([
    'SELECT @a, email FROM users',
    'SET @__tc_key = 1',
    'SELECT @`__tc_key`',
    "SELECT @'__t\\c_key'",
    'SELECT @"__tç_key"',
    'SELECT @`x',
    'SELECT @tenänt',
    "SET @tenant_id = 't2'",
    'CALL p(@a)',
    'PREPARE s FROM @sql',
  ])('refuses %s', (sql) => {
    expect(analyse(newRewriter(), sql, gbk).outcome).toBe('refuse');
    expect(analyse(newRewriter(), sql, unknown).outcome).toBe('refuse');
  });

  it.each([
    ['sjis', [0x8d, 0xb2, 0x81, 0x40, 0x8c, 0x5c], 'forward'],
    ['big5', [0xc8, 0x40, 0xa4, 0x40], 'forward'],
    // A katakana of one byte: the @ behind it is one.
    ['sjis', [0xb1, 0x40, 0xb2], 'refuse'],
    ['utf16', [0xc8, 0x40, 0xa4, 0x40], 'refuse'],
  ] as const)('in %s tells the second byte of a character from a variable: %j', (charset, bytes, outcome) => {
    const sql = Buffer.concat([Buffer.from("SELECT HEX('"), Buffer.from(bytes), Buffer.from("')")]);
    const of = context({ ...MARIADB, characterSetClient: charset });
    expect(newRewriter().analyse(sql, 0, sql.length, of).plan.outcome).toBe(outcome);
  });

  it.each([
    ["SET @@session_track_system_variables = ''", true],
    ["SET @a = 1, @@SESSION.session_track_system_variables = ''", true],
    ["SET @a = 1, SESSION sessi\u00f6n_track_system_variables = ''", true],
    ['SET @a = 1', false],
    ["SELECT @@character_set_client, '\u00e9'", false],
    ["UPDATE t SET n = '\u00e9@x', m_a = 1", false],
  ])('asks for its variables again after %s: %s', (sql, tracks) => {
    const bytes = Buffer.from(sql);
    const { plan } = newRewriter().analyse(bytes, 0, bytes.length, gbk);
    expect(plan.outcome).toBe('forward');
    expect(plan.effects.changesTracking === true).toBe(tracks);
  });

  it('takes no letter for harmless where names fold and the character set is not known', () => {
    const sql = 'SELECT @a FROM \u0130tems';
    expect(analyse(newRewriter(), sql, unknown).outcome).toBe('refuse');
    const oracle = { ...MARIADB, lowerCaseTableNames: 1, sqlMode: parseSqlMode('ORACLE') } as const;
    expect(analyse(newRewriter(), sql, context(oracle)).outcome).toBe('refuse');
  });
});
