import * as nodeZlib from 'node:zlib';
import {
  COMPRESS_HERE,
  type Compression,
  checked,
  DECOMPRESS_HERE,
  damaged,
  inThreadPool,
} from '../../protocol/compression/compression.js';
import { zstdContentSize } from '../../protocol/compression/zstd-frame.js';

/** The level of a client that names none (0), as the servers have it. */
const DEFAULT_LEVEL = 3;
/**
 * Clients may ask for 22. From 10 on a piece of 64 KiB takes this thread for 3 to 55 ms and gets at most a seventh
 * smaller than with 7, so that higher levels are taken for this one: what comes out is zstd all the same.
 */
const MAX_LEVEL = 9;

/** A frame can ask for a window of 128 MiB; no body has more than 16. */
const MAX_WINDOW_LOG = 24;

/** zstd itself, from wherever it comes. */
export interface ZstdLibrary {
  compress(body: Buffer, level: number): Buffer | Promise<Buffer>;
  /** @throws Error (or rejects) when the body is damaged or gives more than `length` bytes */
  decompress(body: Buffer, length: number): Buffer | Promise<Buffer>;
}

/** For CLIENT_ZSTD_COMPRESSION_ALGORITHM. @param level as in the client's HandshakeResponse41 */
export function zstdCompression(library: ZstdLibrary, level: number): Compression {
  const used = level < 1 ? DEFAULT_LEVEL : Math.min(level, MAX_LEVEL);
  return {
    algorithm: 'zstd',
    compress: (body) => library.compress(body, used),
    decompress(body, length) {
      // Before anything is allocated for it.
      const size = zstdContentSize(body);
      if (size !== null && size !== BigInt(length)) throw damaged('zstd');
      let result: Buffer | Promise<Buffer>;
      try {
        result = library.decompress(body, length);
      } catch {
        throw damaged('zstd');
      }
      if (Buffer.isBuffer(result)) return checked(result, length);
      return result.then(
        (bytes) => checked(bytes, length),
        () => {
          throw damaged('zstd');
        },
      );
    },
  };
}

/** Node's own zstd where it has one (22.15, 23.8 and later), otherwise the one compiled to WebAssembly. */
export async function loadZstd(): Promise<ZstdLibrary> {
  if (isNativeZstd(nodeZlib)) return nativeZstd(nodeZlib);
  wasm ??= wasmZstd();
  return await wasm;
}

/** One for the process, as the module is: initialised again it would lose its memory under whoever uses it. */
let wasm: Promise<ZstdLibrary> | null = null;

type Done = (error: Error | null, result: Buffer) => void;

/** What node:zlib has of zstd; the types of Node 20 do not know it. */
export interface NativeZstd {
  readonly constants: { readonly ZSTD_c_compressionLevel: number; readonly ZSTD_d_windowLogMax: number };
  zstdCompressSync(body: Buffer, options: object): Buffer;
  zstdCompress(body: Buffer, options: object, done: Done): void;
  zstdDecompressSync(body: Buffer, options: object): Buffer;
  zstdDecompress(body: Buffer, options: object, done: Done): void;
}

export function isNativeZstd(zlib: object): zlib is NativeZstd {
  return 'zstdCompressSync' in zlib && 'zstdDecompressSync' in zlib;
}

export function nativeZstd(zlib: NativeZstd): ZstdLibrary {
  return {
    compress(body, level) {
      const params = { [zlib.constants.ZSTD_c_compressionLevel]: level };
      // Without its length the frame would not say it, and clients allocate by it.
      const options = { params, pledgedSrcSize: body.length };
      if (body.length <= COMPRESS_HERE) return zlib.zstdCompressSync(body, options);
      return inThreadPool((done) => zlib.zstdCompress(body, options, done));
    },
    decompress(body, length) {
      const params = { [zlib.constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG };
      const options = { params, maxOutputLength: length };
      if (length <= DECOMPRESS_HERE) return zlib.zstdDecompressSync(body, options);
      return inThreadPool((done) => zlib.zstdDecompress(body, options, done));
    },
  };
}

async function wasmZstd(): Promise<ZstdLibrary> {
  const zstd = await import('@bokuweb/zstd-wasm');
  await zstd.init();
  return {
    compress: (body, level) => asBuffer(zstd.compress(body, level)),
    // The size is used for a frame that says none; it says another one never here.
    decompress: (body, length) => asBuffer(zstd.decompress(body, { defaultHeapSize: length })),
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
