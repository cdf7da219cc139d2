import { config } from '@grafana/runtime';
import { StoreFailure } from '../http/failure';

/** Grafana's route to the store's labels lets these through; a Viewer reads what they say. */
const MAY_LABEL: ReadonlySet<unknown> = new Set(['Editor', 'Admin']);

/** Says who labels, or why they may not. `hasToken`: the data source holds a token to label with. */
export function labelling(hasToken: boolean): { person: string } | { why: string } {
  const { user } = config.bootData;
  const person = [user.login, user.email, user.name].find((name) => typeof name === 'string' && name.trim() !== '');
  if (!user.isSignedIn || person === undefined) {
    return { why: 'Sign in to label: labels carry a name.' };
  }
  if (!MAY_LABEL.has(user.orgRole) && !user.isGrafanaAdmin) {
    return { why: 'Viewers read labels; Editors and Admins give them.' };
  }
  return hasToken ? { person } : { why: 'Nobody labels here yet: the data source has no label token.' };
}

/** Names what went wrong on the way of a label; any other cause, such as the store's own word, stays as it is. */
export function labelFailure(cause: unknown): unknown {
  if (!(cause instanceof StoreFailure) || cause.code !== undefined) {
    return cause;
  }
  const text = { 400: WRONG_TOKEN, 403: 'Grafana lets Editors and Admins label, and nobody else.' }[cause.status];
  return text === undefined ? cause : new StoreFailure(text, cause.status);
}

// Grafana's proxy turns an upstream 401 into a 400 of plain text.
const WRONG_TOKEN = 'The run store refused the label token. An admin sets it in the settings of the data source.';
