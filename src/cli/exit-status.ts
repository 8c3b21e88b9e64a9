/** Exit status of every command. */
export const ExitStatus = {
  Ok: 0,
  /** It ran and the answer is no: a problem found, a statement refused, a server that could not start. */
  Failed: 1,
  /** The command line or the configuration can't be used. */
  Usage: 2,
} as const;

export type ExitStatus = (typeof ExitStatus)[keyof typeof ExitStatus];

/** The command line, or what it names, can't be used: `what is wrong; what to do`. Exit status 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
