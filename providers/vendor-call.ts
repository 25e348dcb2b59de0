import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';

/** Milliseconds: to a finished connection (TLS included), and for the whole request. */
export type CallTimeouts = { connectMs: number; totalMs: number };

export const CALL_TIMEOUTS: CallTimeouts = { connectMs: 5_000, totalMs: 10_000 };

type MaybeSocket = Duplex | null | undefined;

/**
 * One request to a vendor, on a connection of its own. A pooled connection that the vendor has just closed fails like a reset after the request
 * was sent, so the message would be unclear for minutes; a fresh one that fails was never reached, so it may be sent again at once.
 */
export class VendorCall {
  readonly httpAgent: http.Agent = new FreshHttp(this);
  readonly httpsAgent: https.Agent = new FreshHttps(this);
  readonly signal: AbortSignal;
  readonly #timeouts: CallTimeouts;
  readonly #deadline: AbortSignal;
  #reached = false;

  constructor(timeouts: CallTimeouts, cancel?: AbortSignal) {
    cancel?.throwIfAborted();
    this.#timeouts = timeouts;
    this.#deadline = AbortSignal.timeout(timeouts.totalMs);
    this.signal = cancel ? AbortSignal.any([cancel, this.#deadline]) : this.#deadline;
  }

  /** False: no connection came about, so no byte of the request left this machine. */
  get reached(): boolean {
    return this.#reached;
  }

  /** Why the call was aborted, null if it was not. */
  get abortedBy(): 'timed_out' | 'cancelled' | null {
    if (this.#deadline.aborted) return 'timed_out';
    return this.signal.aborted ? 'cancelled' : null;
  }

  /** Notes when the connection stands, and gives up on one that takes too long. */
  watch(socket: MaybeSocket, ready: 'connect' | 'secureConnect'): MaybeSocket {
    if (!socket) return socket;
    const tooLong = setTimeout(() => socket.destroy(new Error('no connection in time')), this.#timeouts.connectMs);
    socket.once(ready, () => {
      this.#reached = true;
      clearTimeout(tooLong);
    });
    socket.once('close', () => clearTimeout(tooLong));
    return socket;
  }
}

class FreshHttp extends http.Agent {
  constructor(private readonly call: VendorCall) {
    super({ keepAlive: false });
  }

  override createConnection(...args: Parameters<http.Agent['createConnection']>): MaybeSocket {
    return this.call.watch(super.createConnection(...args), 'connect');
  }
}

class FreshHttps extends https.Agent {
  constructor(private readonly call: VendorCall) {
    super({ keepAlive: false });
  }

  override createConnection(...args: Parameters<https.Agent['createConnection']>): MaybeSocket {
    return this.call.watch(super.createConnection(...args), 'secureConnect');
  }
}
