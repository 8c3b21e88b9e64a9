import Table from 'cli-table3';
import { measure } from 'mitata';
import { ColumnType } from '../../src/protocol/constants/column-types.js';
import { ResponseStream } from '../../src/protocol/result-stream.js';
import { BinaryRowLayout, type RowColumn } from '../../src/protocol/resultset/binary-row-layout.js';
import { RowRecoder } from '../../src/protocol/row-recoder.js';
import { column, eof, int, lenenc, packets } from '../../test/support/wire.js';

/*
 * What a row of a prepared SELECT costs on its way to the client: hopped over, and with integers of another width in it.
 * A chunk is copied for each measurement, in either case: the recoder writes to it.
 */

const ROWS = 1_000;
const UNCHANGED: RowColumn = { type: ColumnType.MYSQL_TYPE_VAR_STRING, change: null };
const INTEGER: RowColumn = {
  type: ColumnType.MYSQL_TYPE_LONGLONG,
  change: { sourceWidth: 8, sourceUnsigned: false, width: 4, unsigned: false, misfit: 'nearest' },
};

interface Case {
  readonly name: string;
  readonly columns: readonly RowColumn[];
}

const CASES: readonly Case[] = [
  { name: 'five strings', columns: [UNCHANGED, UNCHANGED, UNCHANGED, UNCHANGED, UNCHANGED] },
  { name: 'one protected INT among them', columns: [UNCHANGED, UNCHANGED, INTEGER, UNCHANGED, UNCHANGED] },
  { name: 'five protected INTs', columns: [INTEGER, INTEGER, INTEGER, INTEGER, INTEGER] },
];

function response(columns: readonly RowColumn[], row: number): Buffer {
  const definitions = columns.map(({ type }) => column('c', type));
  const values = columns.flatMap(({ change }, i) =>
    change === null ? lenenc(`value ${row} of column ${i}`) : int(8, row),
  );
  const rows = Array.from({ length: ROWS }, () => [0, 0, ...values]);
  return packets([[columns.length], ...definitions, eof(), ...rows, eof()]);
}

/** Nanoseconds a row, at the median. */
async function rowCost(columns: readonly RowColumn[], layout: BinaryRowLayout | null): Promise<number> {
  const sent = response(columns, 12_345);
  let bytes = 0;
  const recoder = new RowRecoder((piece) => {
    bytes += piece.length;
  });
  const stream = new ResponseStream<null>(
    { flags: 0, mariadb: 0 },
    { relay: (piece) => recoder.push(piece), packet: () => null, complete: () => undefined },
  );
  const { p50 } = await measure(() => {
    recoder.begin(layout);
    stream.expect('result', { token: null });
    stream.push(Buffer.from(sent));
    return bytes;
  });
  return p50 / ROWS;
}

/** Prints what a row costs, and how many times as much where integers in it change. */
export async function measureRows(): Promise<void> {
  const table = new Table({
    head: ['row of the binary protocol', 'passed, ns', 'changed, ns', 'ratio'],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right'],
  });
  for (const { name, columns } of CASES) {
    const passed = await rowCost(columns, null);
    const layout = BinaryRowLayout.of(columns);
    const changed = layout === null ? passed : await rowCost(columns, layout);
    table.push([
      name,
      passed.toFixed(0),
      layout === null ? '' : changed.toFixed(0),
      (changed / passed).toFixed(1),
    ]);
  }
  console.log(table.toString());
}
