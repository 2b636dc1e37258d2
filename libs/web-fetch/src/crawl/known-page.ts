import type { WebContent } from '../fetch/web-answer';
import { isSameHost } from './addresses';
import type { KnownPage } from './crawl-event';
import { readLinks } from './read-links';

const HTML = new Set(['text/html', 'application/xhtml+xml']);

/** What is to be remembered of a page. A canonical address on another host says nothing here. */
export async function pageOf(content: WebContent): Promise<KnownPage> {
  const { url, mediaType, validators } = content;
  if (!HTML.has(mediaType)) return { validators, canonicalUrl: url, links: [] };
  const own = new URL(url);
  const { links, canonical } = await readLinks(textOf(content), url);
  return {
    validators,
    canonicalUrl: canonical && isSameHost(canonical, own) ? canonical.href : url,
    links: links.filter((link) => isSameHost(link, own)).map(({ href }) => href),
  };
}

/** Markup and addresses are ASCII in nearly every encoding, so a wrong one costs letters and no links. */
function textOf({ bytes, charset = 'utf-8' }: WebContent): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes); // a name that no encoding has
  }
}
