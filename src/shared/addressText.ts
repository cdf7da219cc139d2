/*
 * The changes of a viewer in a panel, as one value of the address: parts `name.value` between `~`, lists between `!`,
 * such as `sort.-reward!step~lens.worst`. Nothing changed is the empty text.
 */

/** A part without values is left out only where they are undefined. */
export const writeParts = (parts: ReadonlyArray<readonly [name: string, values: readonly string[] | undefined]>) =>
  parts.flatMap(([name, values]) => (values ? `${name}.${values.map(encode).join('!')}` : [])).join('~');

/** Anyone can write an address: what is no part is left out, and no value is what it claims to be. */
export const readParts = (text: string): [name: string, values: string[]][] =>
  text.split('~').flatMap((piece): [string, string[]][] => {
    const [, name, values = ''] = /^([a-z]+)\.(.*)$/su.exec(piece) ?? [];
    return name === undefined ? [] : [[name, values === '' ? [] : values.split('!').map(decode)]];
  });

// `encodeURIComponent` leaves these two as they are, and here they separate.
const encode = (text: string) => encodeURIComponent(text).replaceAll('~', '%7E').replaceAll('!', '%21');

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
