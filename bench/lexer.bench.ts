/**
 * Micro-benchmarks of the first steps of every statement: gate, lexer, scan. Compile and run:
 *
 *     npx tsc -p tsconfig.tools.json && node .cache/tools/bench/lexer.bench.js
 */
import { bench, do_not_optimize, group, run } from 'mitata';
import { type Dialect, parseSqlMode } from '../src/rewrite/dialect.js';
import { Gate } from '../src/rewrite/gate.js';
import { lex } from '../src/rewrite/lexer.js';
import { Scanner } from '../src/rewrite/shape.js';
import { TokenBuffer } from '../src/rewrite/tokens.js';

const dialect: Dialect = {
  server: { kind: 'mysql', version: 90_704 },
  sqlMode: parseSqlMode('STRICT_TRANS_TABLES'),
  characterSetClient: 'utf8mb4',
  lowerCaseTableNames: 0,
};

const orm = Buffer.from(
  'SELECT `User`.`id` AS `id`, `User`.`username` AS `username`, `User`.`email` AS `email`, ' +
    '`User`.`created_at` AS `createdAt` FROM `users` AS `User` ' +
    "WHERE (`User`.`email` = 'alice.example.com' AND `User`.`age` > 21) LIMIT 1",
);
const point = Buffer.from('SELECT c FROM sbtest1 WHERE id = 4711');
const insert = Buffer.from(
  `INSERT INTO users (id, name, email) VALUES ${Array.from(
    { length: 1_000 },
    (_, i) => `(${i}, 'name ${i}', 'user${i}.example.com')`,
  ).join(', ')}`,
);
const blob = Buffer.from(`INSERT INTO files VALUES (1, '${'lorem ipsum dolor sit amet '.repeat(40_000)}')`);

const gate = new Gate(['customers', 'payments', 'patient_records', 'messages']);
const scanner = new Scanner();
const tokens = new TokenBuffer();

for (const [name, statement] of Object.entries({ point, orm, insert, blob })) {
  group(`${name}, ${statement.length} bytes`, () => {
    bench('gate', () => do_not_optimize(gate.opens(statement, 0, statement.length)));
    bench('lex', () => do_not_optimize(lex(statement, 0, statement.length, dialect, tokens)));
    bench('scan', () => do_not_optimize(scanner.scan(statement, 0, statement.length, dialect, 1).key));
  });
}

await run();
