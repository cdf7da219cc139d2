import { posix } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';

/** Files that a page links to and that are no pages go to the site as they are. */
export const COPIED = 'provisioning';

/** Turns links to files of the repository, which the site does not have, into the text that names them. */
export function withoutRepositoryLinks(markdown: MarkdownRenderer): void {
  const { rules } = markdown.renderer;
  const open = rules.link_open ?? ((tokens, i, options, _env, self) => self.renderToken(tokens, i, options));
  let inRepository = false;
  rules.link_open = (tokens, i, options, env, self) => {
    const href = tokens[i]?.attrGet('href') ?? '';
    const page: string = env.relativePath ?? '';
    const isLocal = !/^([a-z]+:|#|\/)/.test(href);
    inRepository = isLocal && posix.join(posix.dirname(page), href).startsWith('../');
    return inRepository ? '<span>' : open(tokens, i, options, env, self);
  };
  rules.link_close = () => {
    const tag = inRepository ? '</span>' : '</a>';
    inRepository = false;
    return tag;
  };
}
