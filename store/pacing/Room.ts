import type { FastifyReply } from 'fastify';
import { StoreError } from '../StoreError';
import { NOBODY } from './FewAtOnce';

const RETRY_SECONDS = 5;

/** The room for what all answers hold in memory until they are sent. No caller has more than half of it. */
export class Room {
  private held = 0;
  private readonly byCaller = new Map<string, number>();
  /** The amount that each answer holds; it may ask for more as it grows. */
  private readonly byReply = new WeakMap<FastifyReply, number>();

  /** `what` is held, as a refusal says it: `answers of OpenTSDB requests`; `size` of it at one time. */
  constructor(
    private readonly what: string,
    private readonly size: number,
  ) {}

  /** Holds room for an answer until it is sent, or nobody takes it any more. Throws `too_busy`. */
  hold(reply: FastifyReply, amount: number, caller = NOBODY): void {
    const own = (this.byCaller.get(caller) ?? 0) + amount;
    if (this.held + amount > this.size || own > this.size / 2) {
      throw new StoreError(
        'too_busy',
        `Too many ${this.what} wait to be taken; retry in a few seconds.`,
        RETRY_SECONDS,
      );
    }
    if (reply.raw.closed) {
      return;
    }
    const before = this.byReply.get(reply);
    this.held += amount;
    this.byCaller.set(caller, own);
    this.byReply.set(reply, (before ?? 0) + amount);
    if (before === undefined) {
      reply.raw.once('close', () => this.give(caller, this.byReply.get(reply) ?? 0));
    }
  }

  private give(caller: string, amount: number): void {
    this.held -= amount;
    const left = (this.byCaller.get(caller) ?? 0) - amount;
    if (left > 0) {
      this.byCaller.set(caller, left);
    } else {
      this.byCaller.delete(caller);
    }
  }
}
