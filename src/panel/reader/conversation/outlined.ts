/** A conversation of so many turns has an outline, and a timeline where no turns are logged of it. */
export const OUTLINED = 6;
