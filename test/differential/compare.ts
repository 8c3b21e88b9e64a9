import type { Answer, Cell, Column, ServerFailure } from './wire-client.js';

/** What is compared; a difference names one of them. */
export type Aspect =
  | 'kind'
  | 'rows'
  | 'metadata'
  | 'ok'
  | 'warnings'
  | 'error'
  | 'message'
  | 'contents'
  | 'plaintext'
  | 'foreign'
  | 'prepare'
  | 'broken';

export interface Difference {
  readonly aspect: Aspect;
  readonly detail: string;
  /** Of a column's definition: both sides', names brought to one form. */
  readonly definitions?: { readonly plain: Column; readonly ours: Column };
}

/** How a text of one side is brought to a form that both share. */
export type Normalise = (text: string) => string;

export interface Comparison {
  /** Whether the order of rows counts. */
  readonly ordered: boolean;
  /** Rows are not compared: EXPLAIN tells of derived tables. */
  readonly shapeOnly: boolean;
  readonly plain: Normalise;
  readonly ours: Normalise;
  /** Brings an error's text, normalised so far, to a form that both sides share. */
  readonly message: (errno: number, text: string) => string;
}

/** Not compared: NO_GOOD_INDEX_USED, NO_INDEX_USED, METADATA_CHANGED, QUERY_WAS_SLOW. */
const STATUS_IGNORED = 0x10 | 0x20 | 0x400 | 0x800;
const SHOWN_CELLS = 300;

/** Differences between the answers to one statement; none: equal. */
export function compareAnswers(
  plain: readonly Answer[],
  ours: readonly Answer[],
  comparison: Comparison,
): Difference[] {
  if (plain.length !== ours.length) {
    return [{ aspect: 'kind', detail: `${kinds(plain)} against ${kinds(ours)}` }];
  }
  return plain.flatMap((answer, index) => compareAnswer(answer, ours[index]!, comparison));
}

function kinds(answers: readonly Answer[]): string {
  return answers.map(summary).join(', ');
}

function summary(answer: Answer): string {
  switch (answer.kind) {
    case 'rows':
      return `${answer.rows.length} rows`;
    case 'ok':
      return `OK ${answer.affectedRows}`;
    case 'error':
      return `error ${answer.errno} ${answer.sqlState} ${answer.message}`;
  }
}

function compareAnswer(plain: Answer, ours: Answer, comparison: Comparison): Difference[] {
  if (plain.kind === 'error' && ours.kind === 'error') return compareFailures(plain, ours, comparison);
  if (plain.kind === 'rows' && ours.kind === 'rows') return compareRows(plain, ours, comparison);
  if (plain.kind === 'ok' && ours.kind === 'ok') {
    return fields(
      'ok',
      { ...plain, status: plain.status & ~STATUS_IGNORED, info: comparison.plain(plain.info) },
      { ...ours, status: ours.status & ~STATUS_IGNORED, info: comparison.ours(ours.info) },
    );
  }
  return [{ aspect: 'kind', detail: `${summary(plain)} against ${summary(ours)}` }];
}

export function compareFailures(
  plain: ServerFailure,
  ours: ServerFailure,
  comparison: Comparison,
): Difference[] {
  if (plain.errno !== ours.errno || plain.sqlState !== ours.sqlState) {
    const show = ({ errno, sqlState, message }: ServerFailure): string => `${errno} ${sqlState} ${message}`;
    return [{ aspect: 'error', detail: `${show(plain)} against ${show(ours)}` }];
  }
  const { message, errno } = { ...comparison, errno: plain.errno };
  const [left, right] = [
    message(errno, comparison.plain(plain.message)),
    message(errno, comparison.ours(ours.message)),
  ];
  return left === right ? [] : [{ aspect: 'message', detail: `${plain.errno}: ${left} against ${right}` }];
}

type Rows = Answer & { kind: 'rows' };

function compareRows(plain: Rows, ours: Rows, comparison: Comparison): Difference[] {
  const differences = compareColumns(plain.columns, ours.columns, comparison);
  if (plain.error !== null || ours.error !== null) {
    if (plain.error !== null && ours.error !== null) {
      // How many rows came before it is the plan's affair.
      return [...differences, ...compareFailures(plain.error, ours.error, comparison)];
    }
    const show = ({ error, rows }: Rows): string =>
      error === null ? `${rows.length} rows` : `error ${error.errno} ${error.message}`;
    return [...differences, { aspect: 'kind', detail: `${show(plain)} against ${show(ours)}` }];
  }
  differences.push(
    ...fields(
      'ok',
      { status: plain.status & ~STATUS_IGNORED, warnings: comparison.shapeOnly ? 0 : plain.warnings },
      { status: ours.status & ~STATUS_IGNORED, warnings: comparison.shapeOnly ? 0 : ours.warnings },
    ),
  );
  if (comparison.shapeOnly) return differences;
  return [...differences, ...compareCells(plain, ours, comparison)];
}

function compareCells(plain: Rows, ours: Rows, comparison: Comparison): Difference[] {
  const text = (rows: readonly (readonly Cell[])[], normalise: Normalise): string[] => {
    const lines = rows.map((row) =>
      JSON.stringify(row.map((cell) => (cell === null ? null : normalise(cell)))),
    );
    return comparison.ordered ? lines : lines.sort();
  };
  const [left, right] = [text(plain.rows, comparison.plain), text(ours.rows, comparison.ours)];
  const at = firstDifference(left, right);
  if (at === null) return [];
  const show = (lines: readonly string[]): string => (lines[at] ?? 'nothing').slice(0, SHOWN_CELLS);
  return [
    {
      aspect: 'rows',
      detail: `${left.length} and ${right.length} rows, row ${at}: ${show(left)} against ${show(right)}`,
    },
  ];
}

/** Index of the first line in which two lists differ; null: they are equal. */
export function firstDifference(left: readonly string[], right: readonly string[]): number | null {
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    if (left[at] !== right[at]) return at;
  }
  return null;
}

export function compareColumns(
  plain: readonly Column[],
  ours: readonly Column[],
  comparison: Pick<Comparison, 'plain' | 'ours'>,
): Difference[] {
  if (plain.length !== ours.length) {
    return [{ aspect: 'metadata', detail: `${plain.length} and ${ours.length} columns` }];
  }
  const found = new Map<string, Difference>();
  plain.forEach((column, index) => {
    const left = normalised(column, comparison.plain);
    const right = normalised(ours[index]!, comparison.ours);
    for (const { detail } of fields('metadata', left, right)) {
      const named = `${left.name} ${detail}`;
      found.set(named, { aspect: 'metadata', detail: named, definitions: { plain: left, ours: right } });
    }
  });
  return [...found.values()];
}

/**
 * Names of expressions hold their text. MySQL keeps the spaces behind an expression that ends in a word
 * (`CASE … END `): the proxy's text has none. A long name may be cut in the schema's.
 */
function normalised(column: Column, normalise: Normalise): Column {
  const name = normalise(column.name);
  return {
    ...column,
    schema: normalise(column.schema),
    // SHOW TABLES names its column after the schema.
    orgName: normalise(column.orgName),
    name: Buffer.byteLength(name) < 250 ? name.trimEnd() : name.slice(0, 150),
  };
}

function fields<T extends object>(aspect: Aspect, plain: T, ours: T): Difference[] {
  const details = (Object.keys(plain) as (keyof T & string)[])
    .filter((field) => plain[field] !== ours[field])
    .map((field) => `${field} ${String(plain[field])} against ${String(ours[field])}`);
  return details.length === 0 ? [] : [{ aspect, detail: details.join(', ') }];
}
