import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One answer line of `tenantcrypt explain --jsonl` (design.md, §9). */
export interface ExplainAnswer {
  readonly outcome: 'forwarded' | 'rewritten' | 'refused';
  readonly sql: string | null;
  readonly code: string | null;
  readonly reason: string | null;
  readonly position: number | null;
}

/** What became of all statements: answers in order, null where the process died or hung over one. */
export interface ExplainRun {
  readonly answers: readonly (ExplainAnswer | null)[];
  /** indexes of statements during which the process ended */
  readonly crashes: readonly { index: number; message: string }[];
  /** indexes of statements without an answer in time */
  readonly hangs: readonly number[];
  /** lines that are no answer */
  readonly malformed: readonly string[];
  readonly milliseconds: number;
}

const FIRST_ANSWER_MS = 30_000;
const NEXT_ANSWER_MS = 10_000;
/** After as many crashes and hangs the rest is not tried: each costs a start. */
const MOST_RESTARTS = 20;

/**
 * Sends the statements through `explain --jsonl`. Where the process dies or gives no answer in time, the statement
 * that it was at is noted and a new process goes on behind it.
 * @param command the command line, without SQL
 */
export async function explainAll(
  command: readonly [string, ...string[]],
  statements: readonly string[],
): Promise<ExplainRun> {
  const started = performance.now();
  const answers: (ExplainAnswer | null)[] = [];
  const crashes: { index: number; message: string }[] = [];
  const hangs: number[] = [];
  const malformed: string[] = [];
  while (answers.length < statements.length && crashes.length + hangs.length < MOST_RESTARTS) {
    const rest = statements.slice(answers.length);
    const part = await explainPart(command, rest);
    for (const line of part.lines) {
      const answer = parseAnswer(line);
      if (answer === null) malformed.push(line);
      answers.push(answer);
    }
    if (part.lines.length >= rest.length) break;
    (part.hung ? hangs : { push: (index: number) => crashes.push({ index, message: part.message }) }).push(
      answers.length,
    );
    answers.push(null);
  }
  return { answers, crashes, hangs, malformed, milliseconds: performance.now() - started };
}

function parseAnswer(line: string): ExplainAnswer | null {
  try {
    const answer = JSON.parse(line) as ExplainAnswer;
    return ['forwarded', 'rewritten', 'refused'].includes(answer.outcome) ? answer : null;
  } catch {
    return null;
  }
}

interface Part {
  readonly lines: readonly string[];
  readonly hung: boolean;
  /** why it ended before its last answer */
  readonly message: string;
}

async function explainPart(
  [program, ...args]: readonly [string, ...string[]],
  statements: readonly string[],
): Promise<Part> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const lines: string[] = [];
  let errors = '';
  let hung = false;
  const late = (): void => {
    hung = true;
    child.kill('SIGKILL');
  };
  let timer = setTimeout(late, FIRST_ANSWER_MS);
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    errors = (errors + text).slice(-4_000);
  });
  createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    lines.push(line);
    clearTimeout(timer);
    timer = setTimeout(late, NEXT_ANSWER_MS);
  });
  // A process that died leaves EPIPE; its end says more.
  child.stdin.on('error', () => undefined);
  child.stdin.end(statements.map((sql) => `${JSON.stringify({ sql })}\n`).join(''));
  const status = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(`${code ?? signal}`));
  });
  clearTimeout(timer);
  return { lines, hung, message: `ended with ${status}: ${errors.trim().slice(-1_500)}` };
}
