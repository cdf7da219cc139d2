/** The reason why bytes are not kept as media; the message goes on where "It" begins, as `is cut off`. */
export class MediaFault extends Error {}

export const cutOff = () => new MediaFault('is cut off before its end');
/** Makes the fault of, say, a picture with a page or an archive behind it, which another program would read instead. */
export const goesOn = () => new MediaFault('goes on after its end, as a file does that is two things at once');

/** Blocks, pages or frames that are walked: 32 MB in pieces as small as encoders make them. More only keeps others waiting. */
const MOST_PIECES = 400_000;

/** Gives a function to be called for every piece, which throws a `MediaFault` for too many. */
export function pieceCounter(): () => void {
  let pieces = 0;
  return () => {
    if (++pieces > MOST_PIECES) {
      throw new MediaFault(`is in more than ${MOST_PIECES} pieces`);
    }
  };
}
