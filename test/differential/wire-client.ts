import type { Duplex } from 'node:stream';
import mysql from 'mysql2';
import type { ConnectionOptions } from 'mysql2/promise';

/*
 * A client that keeps every field of an answer. mysql2 logs in; from then on its socket is spoken to from here, by
 * code of its own and not by what is tested. Without CLIENT_DEPRECATE_EOF, session tracking and MariaDB's extensions.
 */

/** ColumnDefinition41, whole. */
export interface Column {
  /** MariaDB's extended metadata, as it came. */
  readonly extended: string;
  readonly schema: string;
  readonly table: string;
  readonly orgTable: string;
  readonly name: string;
  readonly orgName: string;
  readonly charset: number;
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly decimals: number;
}

/** A value as it came, one character a byte; numbers of binary rows as text. */
export type Cell = string | null;

export type Answer =
  | {
      readonly kind: 'rows';
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Cell[])[];
      readonly status: number;
      readonly warnings: number;
      /** Set where the rows broke off. */
      readonly error: ServerFailure | null;
    }
  | {
      readonly kind: 'ok';
      readonly affectedRows: number;
      readonly insertId: number;
      readonly status: number;
      readonly warnings: number;
      readonly info: string;
    }
  | ({ readonly kind: 'error' } & ServerFailure);

export interface ServerFailure {
  readonly errno: number;
  readonly sqlState: string;
  readonly message: string;
}

/** What COM_STMT_PREPARE answered. */
export interface Prepared {
  readonly id: number;
  readonly parameters: number;
  readonly columns: readonly Column[];
  readonly warnings: number;
}

/** A value for a `?`; Buffer: binary. */
export type Parameter = string | number | bigint | boolean | null | Buffer;

const MORE_RESULTS = 8;
const QUERY = 0x03;
const PREPARE = 0x16;
const EXECUTE = 0x17;
const CLOSE = 0x19;
const ANSWER_BOUND_MS = 60_000;

export class WireClient {
  #chunks: Buffer = Buffer.alloc(0);
  #sequence = 0;
  #waiting: { resolve: (packet: Buffer) => void; reject: (error: Error) => void } | null = null;
  #failure: Error | null = null;
  /** What LOAD DATA LOCAL gets, whatever file it asks for; empty: there is none. */
  file: Buffer = Buffer.alloc(0);
  readonly #stream: Duplex;

  private constructor(
    readonly threadId: number,
    stream: Duplex,
  ) {
    this.#stream = stream;
    for (const event of ['data', 'end', 'close', 'error']) stream.removeAllListeners(event);
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('error', (error) => this.#fail(error));
    stream.on('close', () => this.#fail(new Error('the connection is closed')));
  }

  /** @throws Error when the login fails */
  static async connect(options: ConnectionOptions): Promise<WireClient> {
    const connection = mysql.createConnection({
      charset: 'utf8mb4_general_ci',
      multipleStatements: true,
      flags: ['-FOUND_ROWS', '-IGNORE_SPACE', '-SESSION_TRACK', '-CLIENT_QUERY_ATTRIBUTES', 'LOCAL_FILES'],
      ...options,
    });
    await new Promise<void>((resolve, reject) => {
      connection.once('connect', () => resolve());
      connection.once('error', reject);
    });
    const { stream } = connection as unknown as { stream: Duplex };
    return new WireClient(connection.threadId ?? 0, stream);
  }

  end(): void {
    this.#failure = new Error('the client has ended');
    this.#stream.destroy();
  }

  /** COM_QUERY; one answer a statement. */
  async query(sql: string | Buffer): Promise<Answer[]> {
    this.#send(Buffer.concat([Buffer.of(QUERY), Buffer.from(sql)]));
    return await this.#answers(false);
  }

  /** COM_STMT_PREPARE. */
  async prepare(sql: string | Buffer): Promise<Prepared | ServerFailure> {
    this.#send(Buffer.concat([Buffer.of(PREPARE), Buffer.from(sql)]));
    const first = await this.#packet();
    if (first[0] === 0xff) return failureOf(first);
    const [columns, parameters] = [first.readUInt16LE(5), first.readUInt16LE(7)];
    for (let left = parameters; left > 0; left--) await this.#packet();
    if (parameters > 0) await this.#packet();
    return {
      id: first.readUInt32LE(1),
      parameters,
      columns: columns > 0 ? await this.#columns(columns) : [],
      warnings: first.readUInt16LE(10),
    };
  }

  /** COM_STMT_EXECUTE. */
  async execute(prepared: Prepared, values: readonly Parameter[]): Promise<Answer[]> {
    this.#send(executeCommand(prepared.id, values));
    return await this.#answers(true);
  }

  /** COM_STMT_CLOSE, which has no answer. */
  close(prepared: Prepared): void {
    const command = Buffer.alloc(5, CLOSE);
    command.writeUInt32LE(prepared.id, 1);
    this.#send(command);
  }

  async #answers(binary: boolean): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (;;) {
      const answer = await this.#answer(binary);
      answers.push(answer);
      if (answer.kind === 'error' || (answer.status & MORE_RESULTS) === 0) return answers;
    }
  }

  async #answer(binary: boolean): Promise<Answer> {
    let first = await this.#packet();
    if (first[0] === 0xfb) {
      if (this.file.length > 0) this.#write(this.file);
      this.#write(Buffer.alloc(0));
      first = await this.#packet();
    }
    if (first[0] === 0xff) return { kind: 'error', ...failureOf(first) };
    if (first[0] === 0x00) return okOf(first);
    const reader = new Reader(first);
    const columns = await this.#columns(reader.lenenc());
    const rows: Cell[][] = [];
    for (;;) {
      const packet = await this.#packet();
      if (packet[0] === 0xff) {
        const error = failureOf(packet);
        return { kind: 'rows', columns, rows, status: 0, warnings: 0, error };
      }
      if (packet[0] === 0xfe && packet.length < 9) {
        const [warnings, status] = [packet.readUInt16LE(1), packet.readUInt16LE(3)];
        return { kind: 'rows', columns, rows, status, warnings, error: null };
      }
      rows.push(binary ? binaryRow(packet, columns) : textRow(packet, columns.length));
    }
  }

  /** Definitions and the EOF behind them. */
  async #columns(count: number): Promise<Column[]> {
    const columns: Column[] = [];
    for (let left = count; left > 0; left--) columns.push(columnOf(await this.#packet()));
    const eof = await this.#packet();
    if (eof[0] !== 0xfe) throw new Error('no EOF behind the column definitions');
    return columns;
  }

  #send(payload: Buffer): void {
    if (this.#failure !== null) throw this.#failure;
    this.#sequence = 0;
    this.#write(payload);
  }

  #write(payload: Buffer): void {
    const header = Buffer.alloc(4);
    header.writeUIntLE(payload.length, 0, 3);
    header[3] = this.#sequence++ & 0xff;
    this.#stream.write(Buffer.concat([header, payload]));
  }

  async #packet(): Promise<Buffer> {
    const packet = this.#take();
    if (packet !== null) return packet;
    if (this.#failure !== null) throw this.#failure;
    const bound = setTimeout(
      () => this.#fail(new Error(`no answer within ${ANSWER_BOUND_MS / 1000} s`)),
      ANSWER_BOUND_MS,
    );
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        this.#waiting = { resolve, reject };
      });
    } finally {
      clearTimeout(bound);
    }
  }

  /** The next packet, when it is there in whole. */
  #take(): Buffer | null {
    if (this.#chunks.length < 4) return null;
    const end = 4 + this.#chunks.readUIntLE(0, 3);
    if (this.#chunks.length < end) return null;
    const sequence = this.#chunks[3]!;
    if (sequence !== (this.#sequence & 0xff)) {
      throw new Error(`sequence id ${sequence} where ${this.#sequence & 0xff} was due`);
    }
    this.#sequence++;
    const packet = this.#chunks.subarray(4, end);
    this.#chunks = this.#chunks.subarray(end);
    return packet;
  }

  #receive(chunk: Buffer): void {
    this.#chunks = this.#chunks.length === 0 ? chunk : Buffer.concat([this.#chunks, chunk]);
    if (this.#waiting === null) return;
    try {
      const packet = this.#take();
      if (packet === null) return;
      const { resolve } = this.#waiting;
      this.#waiting = null;
      resolve(packet);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
    this.#waiting = null;
  }
}

class Reader {
  #at = 0;

  constructor(private readonly bytes: Buffer) {}

  int(size: number): number {
    this.#at += size;
    return this.bytes.readUIntLE(this.#at - size, size);
  }

  get left(): number {
    return this.bytes.length - this.#at;
  }

  lenenc(): number {
    const first = this.int(1);
    if (first < 0xfb) return first;
    if (first === 0xfc) return this.int(2);
    if (first === 0xfd) return this.int(3);
    this.#at += 8;
    return Number(this.bytes.readBigUInt64LE(this.#at - 8));
  }

  take(size: number): Buffer {
    this.#at += size;
    if (this.#at > this.bytes.length) throw new Error('a packet is too short');
    return this.bytes.subarray(this.#at - size, this.#at);
  }

  text(): string {
    return this.take(this.lenenc()).toString('utf8');
  }

  rest(): Buffer {
    return this.take(this.bytes.length - this.#at);
  }

  nullOrBytes(): Buffer | null {
    if (this.bytes[this.#at] !== 0xfb) return this.take(this.lenenc());
    this.#at++;
    return null;
  }
}

function failureOf(packet: Buffer): ServerFailure {
  const hasState = packet[3] === 0x23;
  return {
    errno: packet.readUInt16LE(1),
    sqlState: hasState ? packet.toString('latin1', 4, 9) : '',
    message: packet.toString('utf8', hasState ? 9 : 3),
  };
}

function okOf(packet: Buffer): Answer {
  const reader = new Reader(packet.subarray(1));
  return {
    kind: 'ok',
    affectedRows: reader.lenenc(),
    insertId: reader.lenenc(),
    status: reader.int(2),
    warnings: reader.int(2),
    info: reader.rest().toString('utf8'),
  };
}

/** Bytes of a column definition from its `0x0c` on. */
const FIXED_FIELDS = 13;

function columnOf(packet: Buffer): Column {
  const reader = new Reader(packet);
  reader.text();
  const [schema, table, orgTable, name, orgName] = [
    reader.text(),
    reader.text(),
    reader.text(),
    reader.text(),
    reader.text(),
  ];
  // MariaDB's extended metadata (format=json, type=uuid), where it was negotiated.
  const extended = reader.left > FIXED_FIELDS ? reader.take(reader.lenenc()).toString('latin1') : '';
  reader.int(1);
  return {
    extended,
    schema,
    table,
    orgTable,
    name,
    orgName,
    charset: reader.int(2),
    length: reader.int(4),
    type: reader.int(1),
    flags: reader.int(2),
    decimals: reader.int(1),
  };
}

function textRow(packet: Buffer, columns: number): Cell[] {
  const reader = new Reader(packet);
  return Array.from({ length: columns }, () => reader.nullOrBytes()?.toString('latin1') ?? null);
}

const UNSIGNED = 0x20;
/** Bytes of the integers by column type. */
const INTEGERS: ReadonlyMap<number, number> = new Map([
  [0x01, 1],
  [0x02, 2],
  [0x0d, 2],
  [0x03, 4],
  [0x09, 4],
]);

function binaryRow(packet: Buffer, columns: readonly Column[]): Cell[] {
  const reader = new Reader(packet);
  reader.int(1);
  const nulls = reader.take((columns.length + 9) >> 3);
  return columns.map((column, index) => {
    const bit = index + 2;
    return ((nulls[bit >> 3]! >> (bit & 7)) & 1) === 1 ? null : binaryCell(reader, column);
  });
}

function binaryCell(reader: Reader, { type, flags }: Column): string {
  const isUnsigned = (flags & UNSIGNED) !== 0;
  const size = INTEGERS.get(type);
  if (size !== undefined) {
    const bytes = reader.take(size);
    return String(isUnsigned ? bytes.readUIntLE(0, size) : bytes.readIntLE(0, size));
  }
  switch (type) {
    case 0x08: {
      const bytes = reader.take(8);
      return String(isUnsigned ? bytes.readBigUInt64LE() : bytes.readBigInt64LE());
    }
    case 0x04:
      return String(reader.take(4).readFloatLE());
    case 0x05:
      return String(reader.take(8).readDoubleLE());
    case 0x07:
    case 0x0a:
    case 0x0b:
    case 0x0c:
      return `time ${reader.take(reader.int(1)).toString('hex')}`;
    default:
      return reader.take(reader.lenenc()).toString('latin1');
  }
}

function executeCommand(id: number, values: readonly Parameter[]): Buffer {
  const head = Buffer.alloc(10);
  head[0] = EXECUTE;
  head.writeUInt32LE(id, 1);
  head.writeUInt32LE(1, 6);
  if (values.length === 0) return head;
  const nulls = Buffer.alloc((values.length + 7) >> 3);
  const types: number[] = [];
  const data: Buffer[] = [];
  values.forEach((value, index) => {
    const { type, bytes } = bound(value);
    if (bytes === null) nulls[index >> 3]! |= 1 << (index & 7);
    else data.push(bytes);
    types.push(type, 0);
  });
  return Buffer.concat([head, nulls, Buffer.of(1), Buffer.from(types), ...data]);
}

function bound(value: Parameter): { type: number; bytes: Buffer | null } {
  if (value === null) return { type: 0x06, bytes: null };
  if (typeof value === 'boolean') return { type: 0x01, bytes: Buffer.of(value ? 1 : 0) };
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return { type: 0x08, bytes };
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return { type: 0x05, bytes };
  }
  const bytes = Buffer.from(value);
  return {
    type: Buffer.isBuffer(value) ? 0xfc : 0xfd,
    bytes: Buffer.concat([lenencOf(bytes.length), bytes]),
  };
}

function lenencOf(length: number): Buffer {
  if (length < 0xfb) return Buffer.of(length);
  if (length < 0x1_0000) return Buffer.of(0xfc, length & 0xff, length >> 8);
  return Buffer.of(0xfd, length & 0xff, (length >> 8) & 0xff, length >> 16);
}
