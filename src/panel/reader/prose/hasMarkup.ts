/** True where a text may hold Markdown or LaTeX: everything else needs no parser. */
export function hasMarkup(text: string): boolean {
  return /[*_`$|\\[\]#>~<]|^\s{0,8}(?:[-+]|\d{1,9}[.)])\s|^ {0,3}-{3,}\s*$/m.test(text);
}
