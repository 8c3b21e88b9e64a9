import { decodeHandshakeResponse41 } from '../../src/protocol/connection-phase/handshake-response-41.js';
import { decodeHandshakeV10 } from '../../src/protocol/connection-phase/handshake-v10.js';
import { type Capabilities, intersect } from '../../src/protocol/constants/capabilities.js';
import { Command } from '../../src/protocol/constants/commands.js';
import type { ResponseEvent, ResponseKind } from '../../src/protocol/response-tracker.js';
import { ResponseStream } from '../../src/protocol/result-stream.js';
import { decodeColumnDefinition41 } from '../../src/protocol/resultset/column-definition-41.js';
import type { MessageContext } from './message-codecs.js';
import type { PassingPacket } from './packet-forwarder.js';

/** A payload that a driver or a server has sent, and what it takes to read it. */
export interface CapturedMessage {
  /** As in MESSAGES. */
  readonly name: string;
  readonly context: MessageContext;
  readonly payload: Buffer;
}

const COMMANDS: ReadonlyMap<number, readonly [name: string | null, response: ResponseKind]> = new Map([
  [Command.COM_QUERY, ['ComQuery', 'result']],
  [Command.COM_INIT_DB, ['ComInitDb', 'ok']],
  [Command.COM_FIELD_LIST, ['ComFieldList', 'fields']],
  [Command.COM_PING, [null, 'ok']],
  [Command.COM_RESET_CONNECTION, [null, 'ok']],
  [Command.COM_SET_OPTION, ['ComSetOption', 'eof-or-ok']],
  [Command.COM_STMT_PREPARE, ['ComStmtPrepare', 'prepare']],
  [Command.COM_STMT_EXECUTE, ['ComStmtExecute', 'cursor']],
  [Command.COM_STMT_BULK_EXECUTE, ['ComStmtBulkExecute', 'result']],
  [Command.COM_STMT_FETCH, ['ComStmtFetch', 'rows']],
  [Command.COM_STMT_RESET, ['ComStmtReset', 'ok']],
  [Command.COM_STMT_SEND_LONG_DATA, ['ComStmtSendLongData', 'none']],
  [Command.COM_STMT_CLOSE, ['ComStmtClose', 'none']],
] as const);

const NO_CAPABILITIES: Capabilities = { flags: 0, mariadb: 0 };

/**
 * The messages of one connection whose first packet is the greeting, without TLS. Answers inside an authentication and
 * the contents of files are left out: they have no form of their own.
 */
export function messagesOf(packets: readonly PassingPacket[]): CapturedMessage[] {
  const messages: CapturedMessage[] = [];
  let capabilities = NO_CAPABILITIES;
  let server = NO_CAPABILITIES;
  let isLoggedIn = false;
  let isFile = false;
  let code = 0;
  let columns: number[] = [];
  let parameters = 0;
  const add = (name: string, payload: Buffer, types: readonly number[] = []): void => {
    messages.push({ name, context: { capabilities, types }, payload });
  };
  const stream: { current: ResponseStream<null> | null } = { current: null };
  const onResponse = (event: ResponseEvent, payload: Buffer): void => {
    const copy = Buffer.from(payload);
    switch (event.kind) {
      case 'ok':
      case 'endOfRows':
      case 'endOfDefinitions':
        add(event.isOk ? 'OkPacket' : 'EofPacket', copy);
        break;
      case 'err':
        add('ErrPacket', copy);
        break;
      case 'localInfile':
        isFile = true;
        add('LocalInfileRequest', copy);
        break;
      case 'columnCount':
        columns = [];
        add('ColumnCount', copy);
        break;
      case 'definition':
        columns.push(decodeColumnDefinition41(copy, capabilities).type);
        add('ColumnDefinition41', copy);
        break;
      case 'prepareOk':
        parameters = event.prepareOk.numParams;
        columns = [];
        add('ComStmtPrepareOk', copy);
        break;
      case 'row':
        add(isTextual(code) ? 'TextResultsetRow' : 'BinaryResultsetRow', copy, [...columns]);
        break;
      default:
        break;
    }
  };
  const authentication = (payload: Buffer): void => {
    switch (payload[0]) {
      case 0:
        add('OkPacket', payload);
        isLoggedIn = true;
        break;
      case 0xff:
        add('ErrPacket', payload);
        isLoggedIn = true;
        break;
      case 0xfe:
        add('AuthSwitchRequest', payload);
        break;
      default:
        add('AuthMoreData', payload);
    }
  };
  for (const { direction, ordinal, bytes, payload } of packets) {
    if (direction === 'toClient') {
      if (ordinal === 0) {
        add('HandshakeV10', payload);
        server = decodeHandshakeV10(payload).capabilities;
      } else if (!isLoggedIn) authentication(payload);
      else stream.current?.push(bytes);
    } else if (ordinal === 0) {
      // What a client sets beyond the greeting does not count.
      const client = decodeHandshakeResponse41(payload).capabilities;
      capabilities = {
        flags: intersect(client.flags, server.flags),
        mariadb: intersect(client.mariadb, server.mariadb),
      };
      add('HandshakeResponse41', payload);
    } else if (isFile) {
      if (payload.length === 0) isFile = false;
    } else if (isLoggedIn && bytes[3] === 0) {
      code = payload[0] ?? 0;
      if (code === Command.COM_CHANGE_USER) {
        add('ComChangeUser', payload);
        isLoggedIn = false;
        continue;
      }
      const [name, response] = COMMANDS.get(code) ?? [null, null];
      if (name !== null) {
        const isExecution = name === 'ComStmtExecute' || name === 'ComStmtBulkExecute';
        add(name, payload, isExecution ? new Array<number>(parameters).fill(0xfd) : []);
      }
      if (response === null) continue;
      stream.current ??= new ResponseStream<null>(capabilities, {
        relay: () => undefined,
        complete: () => undefined,
        packet: (event, bytesOf) => {
          onResponse(event, bytesOf);
          return null;
        },
      });
      stream.current.expect(response, { token: null, wantColumnDefinitions: true, wantRows: true });
    }
  }
  return messages;
}

function isTextual(code: number): boolean {
  return code !== Command.COM_STMT_EXECUTE && code !== Command.COM_STMT_FETCH;
}

/** As many of each message as tell something new: of the same length are most alike. */
export function sampled(messages: readonly CapturedMessage[]): CapturedMessage[] {
  const seen = new Map<string, Set<string>>();
  return messages.filter(({ name, payload, context }) => {
    const shapes = seen.get(name) ?? new Set();
    seen.set(name, shapes);
    const shape = `${payload.length} ${context.capabilities.flags}`;
    if (shapes.size >= 12 || shapes.has(shape)) return false;
    shapes.add(shape);
    return true;
  });
}

/** A file a message: lines of flags, MariaDB's capabilities, types and payload, all in hex. */
export function corpusFiles(server: string, messages: readonly CapturedMessage[]): Map<string, string> {
  const lines = new Map<string, string[]>();
  for (const { name, context, payload } of messages) {
    const file = `${server}.${name}.hex`;
    const { flags, mariadb } = context.capabilities;
    const types = context.types.length === 0 ? '-' : Buffer.from([...context.types]).toString('hex');
    const line = [(flags >>> 0).toString(16), mariadb.toString(16), types, payload.toString('hex')].join(' ');
    lines.set(file, [...(lines.get(file) ?? []), line]);
  }
  return new Map([...lines].map(([file, own]) => [file, `${own.join('\n')}\n`]));
}

/** @param file its name @param text what {@link corpusFiles} made */
export function readCorpusFile(file: string, text: string): CapturedMessage[] {
  const name = /\.([^.]+)\.hex$/.exec(file)?.[1] ?? '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [flags = '', mariadb = '', types = '', payload = ''] = line.split(' ');
      return {
        name,
        context: {
          capabilities: { flags: Number.parseInt(flags, 16), mariadb: Number.parseInt(mariadb, 16) },
          types: types === '-' ? [] : [...Buffer.from(types, 'hex')],
        },
        payload: Buffer.from(payload, 'hex'),
      };
    });
}
