import { StoreError } from '../StoreError';
import type { Scope } from './Tokens';

const MB = 1024 * 1024;
/** A body that is written and no longer than this never waits for room behind larger ones. */
const SMALL_BYTES = 256 * 1024;

/** Bytes that may be held at one time by all together, and by one owner. */
class BodyRoom {
  #total = 0;
  readonly #held = new Map<string, number>();

  constructor(
    private readonly all: number,
    private readonly each: number,
  ) {}

  take(owner: string, bytes: number): void {
    const own = (this.#held.get(owner) ?? 0) + bytes;
    if (this.#total + bytes > this.all || own > this.each) {
      const whose = own > this.each ? ' of yours' : '';
      throw new StoreError(
        'too_busy',
        `The store holds too many request bodies${whose} at once; retry in a second.`,
        1,
      );
    }
    this.#total += bytes;
    this.#held.set(owner, own);
  }

  give(owner: string, bytes: number): void {
    const left = (this.#held.get(owner) ?? 0) - bytes;
    this.#total -= bytes;
    if (left > 0) {
      this.#held.set(owner, left);
    } else {
      this.#held.delete(owner);
    }
  }
}

/** The bytes of the budget that one body holds. */
export class Held {
  #bytes = 0;
  #room: BodyRoom | undefined;

  constructor(
    private readonly owner: string,
    private readonly roomFor: (bytes: number) => BodyRoom,
  ) {}

  /** Throws `too_busy` where there is no room for so many bytes more. */
  add(bytes: number): void {
    const size = this.#bytes + bytes;
    const room = this.roomFor(size);
    if (room !== this.#room) {
      this.release();
    }
    room.take(this.owner, size - this.#bytes);
    this.#room = room;
    this.#bytes = size;
  }

  release(): void {
    this.#room?.give(this.owner, this.#bytes);
    this.#bytes = 0;
  }
}

/**
 * Bytes of request bodies that are held at one time, until they are answered. Queries, small bodies of calls that write
 * and large ones have room of their own, of which one owner gets a part: whoever sends much, or sends half and stops,
 * keeps nobody else waiting, nor their own metrics.
 */
export class BodyBudget {
  readonly #reads = new BodyRoom(64 * MB, 16 * MB);
  readonly #small = new BodyRoom(64 * MB, 32 * MB);
  readonly #large = new BodyRoom(192 * MB, 128 * MB);

  /** `owner`: whose body it is. */
  hold(scope: Scope, owner: string): Held {
    const forWrite = (bytes: number) => (bytes > SMALL_BYTES ? this.#large : this.#small);
    return new Held(owner, scope === 'read' ? () => this.#reads : forWrite);
  }
}
