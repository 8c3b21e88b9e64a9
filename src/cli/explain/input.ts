import { ProxyError } from '../../errors.js';
import { StatementSplitter } from '../../rewrite/schema-file/statement-splitter.js';
import { type Answer, type Explainer, encodingOf, refused, tooLong } from './explainer.js';

/** One statement and its answer. */
export interface Explained {
  readonly statement: Buffer;
  readonly answer: Answer;
}

/** Statements from the command line. */
export function* explainArguments(statements: readonly string[], explainer: Explainer): Generator<Explained> {
  for (const sql of statements) {
    const statement = Buffer.from(sql, encodingOf(explainer.dialect));
    yield { statement, answer: explainer.explain(statement) };
  }
}

/** Statements from a script, cut at each `;` that ends a line. Holds one statement at a time. */
export async function* explainScript(
  input: AsyncIterable<Uint8Array>,
  explainer: Explainer,
  statementBytes: number,
): AsyncGenerator<Explained> {
  const { noBackslashEscapes, ansiQuotes } = explainer.dialect.sqlMode;
  const splitter = new StatementSplitter({
    noBackslashEscapes,
    ansiQuotes,
    atLineEnd: true,
    maxBytes: statementBytes,
  });
  const explained = ({ bytes, tooLong: isTooLong }: { bytes: Buffer; tooLong: boolean }): Explained => {
    if (isTooLong) return { statement: bytes, answer: tooLong() };
    const statement = trimmed(bytes);
    return { statement, answer: explainer.explain(statement) };
  };
  for await (const chunk of input) {
    for (const statement of splitter.push(chunk)) yield explained(statement);
  }
  for (const statement of splitter.end()) yield explained(statement);
}

function trimmed(bytes: Buffer): Buffer {
  let start = 0;
  let end = bytes.length;
  while (start < end && isSpace(bytes[start] as number)) start++;
  while (end > start && isSpace(bytes[end - 1] as number)) end--;
  return bytes.subarray(start, end);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** JSON writes a byte of SQL in at most six (`\u0000`); the rest is room for members that we ignore. */
const JSON_BYTES_PER_BYTE = 6;
const JSON_OTHER_BYTES = 65_536;

/** `{"sql": …}` lines, one answer a line whatever it holds. Holds one line at a time. */
export async function* explainJsonLines(
  input: AsyncIterable<Uint8Array>,
  explainer: Explainer,
  statementBytes: number,
): AsyncGenerator<Answer> {
  for await (const line of lines(input, statementBytes * JSON_BYTES_PER_BYTE + JSON_OTHER_BYTES)) {
    if (line === null) {
      yield tooLong();
      continue;
    }
    const sql = sqlOf(line);
    if (sql === null) {
      yield refused(
        new ProxyError(
          'TC_UNSUPPORTED_SQL',
          'the line is no JSON object with a text sql; write {"sql": "…"}',
        ),
      );
    } else {
      yield explainer.explain(Buffer.from(sql, encodingOf(explainer.dialect)));
    }
  }
}

function sqlOf(line: string): string | null {
  try {
    const data: unknown = JSON.parse(line.replace(/^\ufeff/, ''));
    if (typeof data !== 'object' || data === null || !('sql' in data)) return null;
    return typeof data.sql === 'string' ? data.sql : null;
  } catch {
    return null;
  }
}

const LF = 0x0a;

/** Lines as text, null for one longer than `maxBytes`. At LF only: node:readline also cuts inside JSON strings. */
async function* lines(input: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string | null> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let isTooLong = false;
  const keep = (part: Uint8Array): void => {
    length += part.length;
    isTooLong ||= length > maxBytes;
    if (isTooLong) parts = [];
    else parts.push(part);
  };
  const take = (): string | null => {
    const line = isTooLong ? null : Buffer.concat(parts).toString('utf8');
    parts = [];
    length = 0;
    isTooLong = false;
    return line;
  };
  for await (const chunk of input) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      keep(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    if (start < chunk.length) keep(chunk.subarray(start));
  }
  if (length > 0) yield take();
}
