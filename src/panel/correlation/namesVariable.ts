/** Says whether queries, as they are saved, name a variable: then it is the variable that decides what they give. */
export function namesVariable(targets: unknown, name: string): boolean {
  return new RegExp(`\\$(\\{${name}[:}]|${name}\\b)|\\[\\[${name}[:\\]]`).test(JSON.stringify(targets ?? []));
}
