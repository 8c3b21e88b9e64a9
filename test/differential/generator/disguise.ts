import type { Choices } from './choices.js';
import { TABLES } from './vocabulary.js';

/*
 * The same statement written in another way (bypasses.md): comments between its words, names quoted or in capitals,
 * words that stand in comments which the server executes.
 */

const COLUMNS: ReadonlySet<string> = new Set(
  TABLES.flatMap(({ exact, text, numbers }) => [...exact, ...text, ...numbers]),
);

/** Each is white space. The version of an executable one decides who sees what is in it. */
const COMMENTS = [
  '/**/',
  '/* users */',
  '-- users\n',
  '# x\n',
  '--\t\n',
  '/*!*/',
  '/*!99999 FROM users*/',
  '/*!50699 */',
  '\n\t',
];

/** Strings, quoted names, values that are filled in later, words, and all else one character each. */
const TOKEN = /'(?:[^'\\]|''|\\.)*'|`[^`]*`|\u0001\d+\u0002|[\w@{}]+|\s+|[^\s]/gs;

/** Words that may stand in `/*! … *\/` on their own. */
const EXECUTABLE = /^(?:SELECT|FROM|WHERE|AND|OR|JOIN|DISTINCT|UPDATE|SET|INTO|VALUES|NULL|ORDER|BY|id)$/;

/**
 * @param quotes that of names besides the backtick, in the session's sql_mode
 * @returns the statement with the same meaning
 */
export function disguised(choices: Choices, sql: string, quotes: '"' | null): string {
  const most = 2 + choices.below(12);
  return [...sql.matchAll(TOKEN)]
    .map(([token]) => {
      if (/^\s/.test(token)) return choices.chance(most * 2) ? ` ${choices.pick(COMMENTS)} ` : token;
      if (EXECUTABLE.test(token) && choices.chance(most * 4)) return `/*!40000 ${token}*/`;
      if (!COLUMNS.has(token) || !choices.chance(most)) return token;
      return written(choices, token, quotes);
    })
    .join('');
}

function written(choices: Choices, column: string, quotes: '"' | null): string {
  const quote = quotes !== null && choices.chance(2) ? quotes : '`';
  return choices.pick([
    column.toUpperCase(),
    `${quote}${column}${quote}`,
    `${column[0]?.toUpperCase() ?? ''}${column.slice(1)}`,
    `${quote}${column.toUpperCase()}${quote}`,
  ]);
}
