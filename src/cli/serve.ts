import type { Logger } from 'pino';
import type { Config, LogLevel } from '../config/config.js';
import { loadConfig } from '../config/load-config.js';
import { ProxyError } from '../errors.js';
import { ExitStatus } from './exit-status.js';
import type { ServeOptions } from './program.js';
import { type Terminal, write } from './terminal.js';

/** A proxy that accepts clients. */
export interface RunningProxy {
  /** Of the TCP listener; null: none. */
  readonly port: number | null;
  /** Path of the Unix socket; null: none. */
  readonly socket: string | null;
  readonly metricsPort: number | null;
  /** Accepts no more and lets sessions end, `limits.drainSeconds` at most. Can be called again. */
  stop(): Promise<void>;
  /** Ends all sessions at once. */
  cut(): void;
}

export interface ServeDependencies {
  /** @throws Error when it can't listen */
  startProxy(config: Config, options: { readonly log: Logger }): Promise<RunningProxy>;
  createLogger(level: LogLevel): { readonly log: Logger; flush(): void };
  /** Signals and uncaught errors; `process`. */
  readonly process: NodeJS.EventEmitter;
  /** Ends the process at once. */
  exit(status: ExitStatus): void;
}

/**
 * `tenantcrypt serve`: runs until SIGTERM or SIGINT, then drains; a second one ends it at once. Says `ready` with the
 * ports in one line of the log, whatever its level.
 * @throws ConfigError
 */
export async function serve(
  options: ServeOptions,
  terminal: Terminal,
  dependencies: ServeDependencies,
): Promise<ExitStatus> {
  const config = loadConfig(options.config);
  const { log, flush } = dependencies.createLogger(config.log.level);
  const die = (err: unknown): void => {
    log.fatal({ err }, 'an error that nobody expected; tenantcrypt ends');
    flush();
    dependencies.exit(ExitStatus.Failed);
  };
  const { process } = dependencies;
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  // Without a listener it opens Node's inspector, and whoever attaches reads keys.
  process.on('SIGUSR1', () => log.info('SIGUSR1 is ignored'));
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  let proxy: RunningProxy;
  try {
    proxy = await dependencies.startProxy(config, { log });
  } catch (err) {
    log.fatal({ err }, 'tenantcrypt can not start');
    flush();
    await write(terminal.stderr, `tenantcrypt: can not start: ${startProblem(err)}\n`);
    return ExitStatus.Failed;
  }
  const { port, socket, metricsPort } = proxy;
  const host = config.listen.tcp?.host;
  log
    .child({}, { level: 'info' })
    .info({ host, port, socket, metricsPort, tables: [...config.tables.keys()] }, 'ready');
  await stopped;
  process.once('SIGTERM', () => proxy.cut());
  process.once('SIGINT', () => proxy.cut());
  await proxy.stop();
  flush();
  return ExitStatus.Ok;
}

/** Nothing of a session exists yet: the message is about addresses, files and certificates. */
function startProblem(error: unknown): string {
  if (error instanceof ProxyError) return error.message;
  return error instanceof Error ? error.message : 'see the log';
}
