import { isMediaLeftOut, isMediaRef, type Media } from '@rolloscope/contract/mediaCell';

/** The part of a message's block that is shown and not read: media of the store, else an address of the web. */
export interface FoundMedia {
  media: readonly Media[];
  /** The address of an image on the web: nothing is ever asked for there by itself. */
  remote?: string;
}

/** A block has its media two or three levels down. */
const DEEPEST = 4;

/** The media in a block of OpenAI's, Anthropic's or any other kind; undefined where there are none. */
export function findMedia(block: unknown): FoundMedia | undefined {
  const media: Media[] = [];
  let remote: string | undefined;
  const look = (value: unknown, depth: number) => {
    if (isMediaRef(value) || isMediaLeftOut(value)) {
      media.push(value);
    } else if (typeof value === 'object' && value !== null && depth < DEEPEST) {
      for (const inner of Object.values(value)) {
        look(inner, depth + 1);
      }
    } else if (typeof value === 'string' && remote === undefined && isWebAddress(value)) {
      remote = value;
    }
  };
  look(block, 0);
  return media.length > 0 || remote !== undefined ? { media, ...(remote !== undefined && { remote }) } : undefined;
}

const isWebAddress = (text: string) => /^https?:\/\/[^\s"<>]{3,2000}$/.test(text) && URL.canParse(text);
