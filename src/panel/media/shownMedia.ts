import { type Media, mediaOf } from '@rolloscope/contract/mediaCell';

/** The media of a cell; of a list that was cut short those that are whole. */
export function shownMedia(cell: unknown): readonly Media[] | undefined {
  return typeof cell === 'string' && cell.startsWith('[{') ? mediaOf(wholeOf(cell)) : mediaOf(cell);
}

function wholeOf(text: string): unknown {
  const end = text.lastIndexOf('},{');
  try {
    return JSON.parse(end < 0 ? text : `${text.slice(0, end)}}]`);
  } catch {
    return undefined;
  }
}
