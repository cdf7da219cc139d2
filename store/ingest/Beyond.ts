import { LIMITS } from '@rolloscope/contract';
import { StoreError } from '../StoreError';

const count = new Intl.NumberFormat('en-US');

type Limit = keyof typeof LIMITS;

/** Returns what is left out where that is not refused, as it is told of its run. */
export const kindBeyond = (limit: Limit, what: string): string => `${what} beyond ${count.format(LIMITS[limit])}`;

/** Something goes beyond what may gather over many calls. */
export class Beyond extends StoreError {
  /** The name of what goes beyond, as something that is left out. */
  readonly kind: string;

  constructor(limit: Limit, whose: string, has: number, what: string, instead: string) {
    const [more, most] = [has, LIMITS[limit]].map((one) => count.format(one));
    super('limit_exceeded', `${whose} would have ${more} ${what}; the limit is ${most} (${limit}). ${instead}`);
    this.kind = kindBeyond(limit, what);
  }
}
