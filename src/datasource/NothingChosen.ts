/** Thrown where what a query is about is still to be chosen: nothing is asked, and the panel says what to choose. */
export class NothingChosen extends Error {
  override readonly name = 'NothingChosen';
}
