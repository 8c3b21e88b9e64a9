import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { SqlServerAddress } from '../servers/sql-server.js';
import { eventually } from './eventually.js';
import { type PacketForwarder, startPacketForwarder } from './packet-forwarder.js';
import type { SessionProxyOptions } from './session-proxy.js';
import { type SessionStage, type SessionStageOptions, sessionStage } from './session-stage.js';

export interface FaultStageOptions extends SessionStageOptions {
  readonly proxy?: SessionProxyOptions;
}

/** A session stage whose proxy reaches the server through a forwarder that breaks and changes what passes. */
export class FaultStage {
  readonly stage: SessionStage;
  readonly #rejections: unknown[] = [];
  #forwarder: PacketForwarder | null = null;

  constructor(getServer: () => SqlServerAddress, options: FaultStageOptions) {
    const onRejection = (error: unknown): void => void this.#rejections.push(error);
    beforeAll(async () => {
      process.on('unhandledRejection', onRejection);
      this.#forwarder = await startPacketForwarder(getServer().port);
    });
    // Behind those of the stage, which are registered later: its clients have left.
    afterEach(async () => {
      this.forwarder.inspect = () => 'pass';
      this.forwarder.release();
      await this.allClosed();
      expect(this.#rejections.splice(0)).toEqual([]);
    });
    afterAll(async () => {
      process.off('unhandledRejection', onRejection);
      await this.#forwarder?.close();
    });
    const proxy = (): SessionProxyOptions => ({ port: this.forwarder.port, ...options.proxy });
    this.stage = sessionStage(getServer, { ...options, proxy });
  }

  get forwarder(): PacketForwarder {
    if (this.#forwarder === null) throw new Error('the forwarder is not started yet');
    return this.#forwarder;
  }

  /** Nothing is left of any session, neither in the stage's proxy nor behind it. */
  async allClosed(): Promise<void> {
    const { sessions, relay } = this.stage.proxy;
    await eventually(() => sessions.size === 0 && relay.limits.sessions === 0 && this.forwarder.open() === 0);
  }
}
