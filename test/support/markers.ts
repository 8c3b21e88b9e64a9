import { foldKey } from '../../src/keys/fold-key.js';

/** Ways in which bytes show up in texts. */
export interface Marker {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A key as text, hex and base64, as it is and folded to the 16 bytes that the session holds. */
export function keyMarkers(key: string): Marker[] {
  const whole = Buffer.from(key);
  const folded = foldKey(whole, 16);
  return [
    { name: 'the key', bytes: whole },
    { name: 'the key in hex', bytes: Buffer.from(whole.toString('hex')) },
    { name: 'the key in HEX', bytes: Buffer.from(whole.toString('hex').toUpperCase()) },
    { name: 'the key in base64', bytes: Buffer.from(whole.toString('base64').replace(/=+$/, '')) },
    { name: 'the folded key', bytes: folded },
    { name: 'the folded key as latin1 in UTF-8', bytes: Buffer.from(folded.toString('latin1')) },
    { name: 'the folded key in hex', bytes: Buffer.from(folded.toString('hex')) },
    { name: 'the folded key in HEX', bytes: Buffer.from(folded.toString('hex').toUpperCase()) },
    { name: 'the folded key in base64', bytes: Buffer.from(folded.toString('base64').replace(/=+$/, '')) },
    { name: 'the folded key as JSON', bytes: Buffer.from([...folded].join(',')) },
  ];
}

/** Texts to look for, in UTF-8, hex and base64. */
export function plaintextMarkers(texts: readonly string[]): Marker[] {
  return texts.flatMap((text) => [
    { name: `plaintext ${text}`, bytes: Buffer.from(text) },
    { name: `plaintext ${text} in hex`, bytes: Buffer.from(Buffer.from(text).toString('hex')) },
    {
      name: `plaintext ${text} in base64`,
      bytes: Buffer.from(Buffer.from(text).toString('base64').slice(0, -4)),
    },
  ]);
}

/** Names of the markers that occur in `haystack`. */
export function found(haystack: Buffer | string, markers: readonly Marker[]): string[] {
  const bytes = typeof haystack === 'string' ? Buffer.from(haystack) : haystack;
  return markers.filter((marker) => bytes.includes(marker.bytes)).map(({ name }) => name);
}
