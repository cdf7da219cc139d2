/**
 * Returns what tells a panel from the other copies of a panel that is repeated, which all have one id: the values of
 * the variables that are its own. A text for addresses; empty for a panel that is not repeated.
 *
 * @param variables names of the dashboard's variables
 * @param own what stands for a text in the panel
 * @param everywhere what stands for it in the dashboard
 */
export function copyOf(
  variables: readonly string[],
  own: (text: string) => string,
  everywhere: (text: string) => string,
): string {
  return variables
    .flatMap((name) => {
      const reference = `\${${name}:json}`;
      const value = own(reference);
      // A copy of one value alone has that value, where the dashboard has a list of one.
      return value === everywhere(reference) ? [] : [`${name}=${value}`];
    })
    .sort()
    .join('&');
}
