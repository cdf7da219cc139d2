import { foldCase } from '@rolloscope/contract/texts';
import type { Choice } from '../choices/Choice';
import type { ChoiceQuery } from '../choices/listChoices';
import type { Offer } from './Offer';
import type { CursorPlace } from './offersAt';
import { quote, writeColumn } from './words';

/** One line of the completion list. */
export interface Suggestion {
  label: string;
  about?: string;
  /** The text that takes the place of what was typed, `|` marking where the cursor goes. */
  insert: string;
  /** True where `|` in `insert` is only a character. */
  isPlain?: boolean;
}

/** The sources of an offer's choices: the store, or the dashboard for its variables. */
interface Sources {
  list(query: ChoiceQuery): Promise<Choice[]>;
  variables: readonly string[];
}

const MOST = 50;

const asText = ({ value, label, about }: Choice): Suggestion => ({
  label: label === undefined || label === value ? value : `${label} (${value})`,
  ...(about !== undefined && { about }),
  insert: quote(value),
  isPlain: true,
});
const asColumn = (choice: Choice): Suggestion => ({ ...asText(choice), insert: writeColumn(choice.value) });

async function suggestionsOf(offer: Offer, { runs, table }: CursorPlace, sources: Sources): Promise<Suggestion[]> {
  const list = async (query: ChoiceQuery, write = asText) => (await sources.list({ runs, ...query })).map(write);
  const named = async () =>
    sources.variables.map((name) => ({ label: `$${name}`, about: 'variable', insert: `$${name}` }));
  switch (offer.of) {
    case 'words':
      return offer.words.map(({ word, insert = word, about }) => ({ label: word, insert, ...(about && { about }) }));
    case 'variable':
      return named();
    case 'run':
      // What was read of the runs so far would narrow itself.
      return [...(await named()), ...(await list({ kind: 'runs', runs: undefined }))];
    case 'runKey':
      return list({ kind: 'keys', runs: undefined }, asColumn);
    case 'runValue':
      return [...(await list({ kind: 'values', key: offer.key, runs: undefined })), ...(await named())];
    case 'metric':
      return list({ kind: 'metrics' });
    case 'table':
      return list({ kind: 'tables' });
    case 'history':
    case 'summary':
      return [...(await list({ kind: 'tables' })), ...(await list({ kind: 'metrics' }))];
    case 'column':
      return list({ kind: 'columns', table }, asColumn);
    case 'event':
      return list({ kind: 'events' });
  }
}

/** Returns what fits what was typed, best first: what begins with it, then what contains it. */
export function fitting(all: readonly Suggestion[], typed: string): Suggestion[] {
  const wanted = foldCase(typed);
  const rank = ({ label }: Suggestion) => (foldCase(label).startsWith(wanted) ? 0 : 1);
  const found = all.filter(({ label }) => foldCase(label).includes(wanted));
  const once = [...new Map(found.map((one) => [one.insert, one])).values()];
  const isDone = once.length === 1 && once[0]?.insert === typed;
  return isDone ? [] : once.sort((a, b) => rank(a) - rank(b)).slice(0, MOST);
}

/** Lists what can be written at a place. A source that fails offers nothing: one can write all the same. */
export async function suggest(place: CursorPlace, sources: Sources): Promise<Suggestion[]> {
  const found = await Promise.all(place.offers.map((offer) => suggestionsOf(offer, place, sources).catch(() => [])));
  return fitting(found.flat(), place.typed);
}
