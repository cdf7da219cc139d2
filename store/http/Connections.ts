import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { StoreError } from '../StoreError';

/** Connections at one time: of all, and of one address. */
const MOST = 4_000;
const MOST_OF_ADDRESS = 1_000;
/** Requests that a client may send on one connection before the first of them is answered. */
const MOST_PIPELINED = 16;
/** Milliseconds within which a client takes `LEAST_BYTES` of an answer that waits for it, and between two looks. */
const TIMES = { taker: 30_000, sweep: 5_000 };
const LEAST_BYTES = 16 * 1024;

/** A connection: its requests under way, and how its client takes the answers. */
interface Use {
  /** Answers to requests that are not over. */
  answers: Set<ServerResponse>;
  /** Bytes that its client had taken when it was last seen to take some, and when that was. */
  taken: number;
  takenAt: number;
}

/**
 * Bounds what connections hold: how many there are, how many requests one has under way, and for how long an answer waits
 * that nobody takes.
 */
export class Connections {
  /** Connections by their client's address; the one that was used longest ago is first. */
  readonly #uses = new Map<string, Map<Socket, Use>>();

  constructor(
    server: Server,
    private readonly times = TIMES,
  ) {
    server.maxConnections = MOST;
    server.on('connection', (socket: Socket) => this.#open(socket, socket.remoteAddress ?? ''));
    server.prependListener('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
      const use = this.#useOf(socket);
      use?.answers.add(answer);
      answer.once('close', () => {
        use?.answers.delete(answer);
        this.#goLast(socket);
      });
    });
    const sweep = setInterval(() => this.#sweep(), times.sweep).unref();
    server.once('close', () => clearInterval(sweep));
  }

  /** Throws `too_busy` for a client that sends request after request without waiting for an answer. */
  receive({ socket }: IncomingMessage): void {
    if ((this.#useOf(socket)?.answers.size ?? 0) > MOST_PIPELINED) {
      const message = `More than ${MOST_PIPELINED} requests wait on this connection; send them one after the other.`;
      throw new StoreError('too_busy', message, 1);
    }
  }

  #useOf(socket: Socket): Use | undefined {
    return this.#uses.get(socket.remoteAddress ?? '')?.get(socket);
  }

  #goLast(socket: Socket): void {
    const ofAddress = this.#uses.get(socket.remoteAddress ?? '');
    const use = ofAddress?.get(socket);
    if (use) {
      ofAddress?.delete(socket);
      ofAddress?.set(socket, use);
    }
  }

  #open(socket: Socket, address: string): void {
    const ofAddress = this.#uses.get(address) ?? new Map<Socket, Use>();
    const use: Use = { answers: new Set(), taken: 0, takenAt: performance.now() };
    if (ofAddress.size >= MOST_OF_ADDRESS) {
      // Whoever comes is let in for one that has asked nothing for longest.
      const [idle] = [...ofAddress].find(([, { answers }]) => answers.size === 0) ?? [];
      (idle ?? socket).destroy();
    }
    this.#uses.set(address, ofAddress.set(socket, use));
    socket.once('close', () => {
      ofAddress.delete(socket);
      if (ofAddress.size === 0) {
        this.#uses.delete(address);
      }
      // Node tells it to the answer that has the socket, not to those behind it; who listens gives back what they hold.
      for (const answer of [...use.answers].filter((one) => !one.socket)) {
        answer.emit('close');
      }
    });
  }

  #sweep(): void {
    const now = performance.now();
    for (const [socket, use] of [...this.#uses.values()].flatMap((ofAddress) => [...ofAddress])) {
      const waiting = socket.writableLength;
      const taken = socket.bytesWritten - waiting;
      if (waiting === 0 || taken - use.taken >= LEAST_BYTES) {
        use.taken = taken;
        use.takenAt = now;
      } else if (now - use.takenAt > this.times.taker) {
        socket.destroy();
      }
    }
  }
}
