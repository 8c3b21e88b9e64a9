import type { BufferWriter } from './buffer-writer.js';
import { HEADER_LENGTH, MAX_PACKET_PAYLOAD } from './packet-framer.js';

/*
 * Payloads into packets: `int<3>` length, `int<1>` sequence id, body. A payload of 0xFFFFFF bytes and more is split;
 * one whose length is a multiple of 0xFFFFFF ends with an empty packet.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html
 */

/** How many packets, and so sequence ids, a payload of this many bytes takes. */
export function packetCount(payloadLength: number): number {
  return Math.floor(payloadLength / MAX_PACKET_PAYLOAD) + 1;
}

function header(length: number, sequenceId: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_LENGTH);
  bytes.writeUIntLE(length, 0, 3);
  bytes.writeUInt8(sequenceId & 0xff, 3);
  return bytes;
}

/**
 * The packets of a payload as headers and views of it, in order, without copying it: for `cork`, writes, `uncork`.
 * @param firstSequenceId counts on from here, modulo 256
 */
export function packetParts(payload: Buffer, firstSequenceId: number): Buffer[] {
  const parts: Buffer[] = [];
  const count = packetCount(payload.length);
  for (let i = 0; i < count; i += 1) {
    const start = i * MAX_PACKET_PAYLOAD;
    const body = payload.subarray(start, start + MAX_PACKET_PAYLOAD);
    parts.push(header(body.length, firstSequenceId + i));
    if (body.length > 0) parts.push(body);
  }
  return parts;
}

/** The packets of a payload in one buffer of its own. */
export function writePacket(payload: Buffer, firstSequenceId: number): Buffer {
  if (payload.length >= MAX_PACKET_PAYLOAD) return Buffer.concat(packetParts(payload, firstSequenceId));
  const packet = Buffer.allocUnsafe(HEADER_LENGTH + payload.length);
  packet[0] = payload.length & 0xff;
  packet[1] = (payload.length >> 8) & 0xff;
  packet[2] = payload.length >> 16;
  packet[3] = firstSequenceId & 0xff;
  packet.set(payload, HEADER_LENGTH);
  return packet;
}

/**
 * Starts a packet in a reused writer: encode the payload after it, then call {@link endPacket}.
 * @returns the packet's start, for `endPacket`
 */
export function beginPacket(writer: BufferWriter, sequenceId: number): number {
  const start = writer.length;
  writer.writeInt3(0).writeInt1(sequenceId & 0xff);
  return start;
}

/**
 * Ends a packet begun at `start`.
 * @throws RangeError when the payload needs more than one packet: use {@link packetParts} for such
 */
export function endPacket(writer: BufferWriter, start: number): void {
  const length = writer.length - start - HEADER_LENGTH;
  if (length >= MAX_PACKET_PAYLOAD) throw new RangeError('payload needs more than one packet');
  writer.patchInt3(start, length);
}

/** Appends the packets of a payload to a reused writer. */
export function appendPacket(writer: BufferWriter, payload: Buffer, firstSequenceId: number): void {
  const count = packetCount(payload.length);
  for (let i = 0; i < count; i += 1) {
    const start = i * MAX_PACKET_PAYLOAD;
    const end = Math.min(start + MAX_PACKET_PAYLOAD, payload.length);
    writer.writeInt3(end - start).writeInt1((firstSequenceId + i) & 0xff);
    writer.writeBuffer(payload.subarray(start, end));
  }
}
