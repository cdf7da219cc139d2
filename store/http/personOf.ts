import type { IncomingHttpHeaders } from 'node:http';
import type { LabelPut } from '@rolloscope/contract/types';
import { StoreError } from '../StoreError';
import type { LabelPerson } from '../services';

/** Grafana's proxy names its user there, if it is told to (`send_user_header`); it passes on no such header of a browser. */
const GRAFANA_USER = 'x-grafana-user';

/**
 * Returns who labels: whom Grafana names, else whom the body names. A shared token cannot prove the second. Throws
 * `invalid_request` where nobody is named.
 */
export function personOf({ person }: Pick<LabelPut, 'person'>, headers: IncomingHttpHeaders): LabelPerson {
  const named = headers[GRAFANA_USER];
  if (typeof named === 'string' && named.trim() !== '') {
    // Headers are bytes, which Node gives as Latin-1.
    const person = Buffer.from(named, 'latin1').toString('utf8');
    return { person: [...person].slice(0, 256).join(''), proven: true };
  }
  if (!person?.trim()) {
    throw new StoreError('invalid_request', 'person must be the name of who labels.');
  }
  return { person: person.toWellFormed(), proven: false };
}
