import type { Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { BackendConfig } from '../../config/config.js';
import { ProxyError } from '../../errors.js';
import { BufferWriter } from '../../protocol/buffer-writer.js';
import { decodeHandshakeV10, type HandshakeV10 } from '../../protocol/connection-phase/handshake-v10.js';
import { encodeSslRequest } from '../../protocol/connection-phase/ssl-request.js';
import { Capability, has } from '../../protocol/constants/capabilities.js';
import { PacketFramer } from '../../protocol/packet-framer.js';
import { writePacket } from '../../protocol/packet-writer.js';
import { decodeErrPacket, ERR_HEADER } from '../../protocol/resultset/err-packet.js';
import { connectBackend } from '../../session/connection-phase/connect-backend.js';
import { parseServerVersion } from '../../session/connection-phase/server-version.js';
import { backendTlsError, backendWithoutTlsError, createBackendTls } from '../../session/tls/backend-tls.js';
import type { BackendProbe } from '../check/backend.js';

const TIMEOUT_MS = 10_000;
const GREETING_BYTES = 64 * 1024;

/**
 * Reads the backend's greeting, goes through the TLS handshake as a session would, and leaves without a login. One
 * such visit counts towards max_connect_errors until the next login: for `check`, never for a health probe.
 * @throws ProxyError TC_BACKEND
 */
export async function probeBackend(config: BackendConfig): Promise<BackendProbe> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const socket = await connectBackend(config, signal);
    try {
      return await visit(socket, config, signal);
    } finally {
      socket.destroy();
    }
  } catch (error) {
    if (error instanceof ProxyError) throw error;
    if (signal.aborted) {
      throw new ProxyError('TC_BACKEND', 'the database gave no answer in 10 s; check the network between');
    }
    throw new ProxyError('TC_BACKEND', 'what answers is no MySQL or MariaDB server; check backend.port', {
      cause: error,
    });
  }
}

async function visit(socket: Socket, config: BackendConfig, signal: AbortSignal): Promise<BackendProbe> {
  const greeting = await readGreeting(socket, signal);
  const facts = {
    version: greeting.serverVersion,
    server: parseServerVersion(greeting.serverVersion, greeting.capabilities),
  };
  const tls = await createBackendTls(config);
  if (tls.mode === 'disabled') return { ...facts, tls: null };
  if (!has(greeting.capabilities.flags, Capability.CLIENT_SSL)) {
    if (tls.mode === 'preferred') return { ...facts, tls: null };
    throw backendWithoutTlsError(tls.mode);
  }
  const writer = new BufferWriter();
  const flags = Capability.CLIENT_PROTOCOL_41 + Capability.CLIENT_SECURE_CONNECTION + Capability.CLIENT_SSL;
  encodeSslRequest(writer, {
    capabilities: { flags: flags + Capability.CLIENT_LONG_PASSWORD, mariadb: 0 },
    maxPacketSize: 0xff_ffff,
    characterSet: 45,
  });
  socket.write(writePacket(writer.toBuffer(), 1));
  const secure = connectTls({ ...tls.options, socket });
  try {
    await settled(secure, 'secureConnect', signal);
  } catch (error) {
    if (signal.aborted) throw error;
    throw backendTlsError(error);
  }
  return { ...facts, tls: secure.getProtocol() ?? 'TLS' };
}

async function settled(socket: TLSSocket, event: string, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once(event, resolve);
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function readGreeting(socket: Socket, signal: AbortSignal): Promise<HandshakeV10> {
  const framer = new PacketFramer(GREETING_BYTES);
  const payload = await new Promise<Buffer>((resolve, reject) => {
    const onData = (chunk: Buffer): void => {
      try {
        framer.push(chunk);
        const frame = framer.next();
        if (frame === null) return;
        socket.off('data', onData);
        socket.pause();
        resolve(Buffer.from(frame.payload));
      } catch (error) {
        reject(error);
      }
    };
    socket.on('data', onData);
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  if (payload[0] === ERR_HEADER) {
    const { errorCode } = decodeErrPacket(payload);
    throw new ProxyError(
      'TC_BACKEND',
      `the database turns this host away (error ${errorCode}); see max_connections, and FLUSH HOSTS or TRUNCATE performance_schema.host_cache after error 1129`,
    );
  }
  return decodeHandshakeV10(payload);
}
