import { BufferWriter } from '../protocol/buffer-writer.js';
import type { Capabilities } from '../protocol/constants/capabilities.js';
import {
  decodeColumnDefinition41,
  encodeColumnDefinition41,
} from '../protocol/resultset/column-definition-41.js';

/** Names and messages as they come under `character_set_results` utf16 and its like, and as all others have them. */
export interface WideText {
  /** To UTF-8. */
  narrow(text: Buffer): Buffer;
  /** From UTF-8. */
  widen(text: Buffer): Buffer;
}

const UTF16LE: WideText = {
  narrow: (text) => Buffer.from(text.toString('utf16le')),
  widen: (text) => Buffer.from(text.toString('utf8'), 'utf16le'),
};

/** And UCS-2. */
const UTF16: WideText = {
  narrow: (text) => UTF16LE.narrow(Buffer.from(text.subarray(0, text.length & ~1)).swap16()),
  widen: (text) => UTF16LE.widen(text).swap16(),
};

const UTF32: WideText = {
  narrow: (text) => {
    const characters: string[] = [];
    for (let at = 0; at + 4 <= text.length; at += 4) {
      const codePoint = text.readUInt32BE(at);
      characters.push(codePoint <= 0x10_ffff ? String.fromCodePoint(codePoint) : '\ufffd');
    }
    return Buffer.from(characters.join(''));
  },
  widen: (text) => {
    const characters = [...text.toString('utf8')];
    const wide = Buffer.alloc(characters.length * 4);
    for (const [index, character] of characters.entries()) {
      wide.writeUInt32BE(character.codePointAt(0) ?? 0, index * 4);
    }
    return wide;
  },
};

/** How a text is written that begins with a letter of ASCII; null: one byte each. */
export function wideTextOf(text: Buffer): WideText | null {
  if (text.length < 2) return null;
  if (text[0] !== 0) return text[1] === 0 ? UTF16LE : null;
  return text[1] === 0 ? UTF32 : UTF16;
}

/** The catalog with its length, as every definition begins. */
const NARROW_CATALOG = Buffer.from('\x03def');
const WIDE_CATALOGS: readonly (readonly [Buffer, WideText])[] = [UTF16, UTF16LE, UTF32].map((wide) => {
  const catalog = wide.widen(Buffer.from('def'));
  return [Buffer.concat([Buffer.of(catalog.length), catalog]), wide];
});

/** A ColumnDefinition41 with its names in UTF-8. */
export interface NarrowedDefinition {
  readonly narrow: Buffer;
  /** @param narrow such a definition, with its names as they came */
  widen(narrow: Buffer): Buffer;
}

/** @returns null for a definition whose names are not wide */
export function narrowDefinition(payload: Buffer, capabilities: Capabilities): NarrowedDefinition | null {
  for (const [catalog, wide] of WIDE_CATALOGS) {
    if (!payload.subarray(0, catalog.length).equals(catalog)) continue;
    const whole = Buffer.concat([NARROW_CATALOG, payload.subarray(catalog.length)]);
    return {
      narrow: withNames(whole, capabilities, wide.narrow),
      widen: (narrow) => {
        const widened = withNames(narrow, capabilities, wide.widen);
        return Buffer.concat([catalog, widened.subarray(NARROW_CATALOG.length)]);
      },
    };
  }
  return null;
}

function withNames(payload: Buffer, capabilities: Capabilities, change: (name: Buffer) => Buffer): Buffer {
  const definition = decodeColumnDefinition41(payload, capabilities);
  const { schema, table, orgTable, name, orgName } = definition;
  const writer = new BufferWriter(payload.length * 2);
  encodeColumnDefinition41(
    writer,
    {
      ...definition,
      schema: change(schema),
      table: change(table),
      orgTable: change(orgTable),
      name: change(name),
      orgName: change(orgName),
    },
    capabilities,
  );
  return writer.view();
}
