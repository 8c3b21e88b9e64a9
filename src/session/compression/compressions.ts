import type { Compression, CompressionAlgorithm } from '../../protocol/compression/compression.js';
import { ZLIB } from '../../protocol/compression/compression.js';
import { Capability, combine, has } from '../../protocol/constants/capabilities.js';
import { loadZstd, type ZstdLibrary, zstdCompression } from './zstd.js';

const FLAGS: Readonly<Record<CompressionAlgorithm, number>> = {
  zlib: Capability.CLIENT_COMPRESS,
  zstd: Capability.CLIENT_ZSTD_COMPRESSION_ALGORITHM,
};

/** The algorithms that clients may choose from. What zstd needs is loaded when the first client chooses it. */
export class Compressions {
  /** The capability flags that offer them, whatever the server offers: the backend leg is not compressed. */
  readonly flags: number;
  #zstd: Promise<ZstdLibrary> | null = null;

  constructor(algorithms: readonly CompressionAlgorithm[]) {
    this.flags = combine(...algorithms.map((algorithm) => FLAGS[algorithm]));
  }

  /**
   * What a client uses after its login; null: nothing.
   * @param negotiated the flags that it and we have agreed on; with both, zlib is meant, as for the server
   * @param zstdLevel of its HandshakeResponse41
   */
  async choose(negotiated: number, zstdLevel: number | null): Promise<Compression | null> {
    if (has(negotiated, Capability.CLIENT_COMPRESS)) return ZLIB;
    if (!has(negotiated, Capability.CLIENT_ZSTD_COMPRESSION_ALGORITHM)) return null;
    this.#zstd ??= loadZstd();
    return zstdCompression(await this.#zstd, zstdLevel ?? 0);
  }
}
