import { parseUrl } from '@app/kernel';
import { CspPolicy } from './csp-policy';
import type { PageScript, ReadPage } from './read-page';

export interface Finding {
  readonly code: string;
  /** An error keeps the widget away, a warning does not. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

const error = (code: string, message: string): Finding => ({ code, severity: 'error', message });
const warning = (code: string, message: string): Finding => ({ code, severity: 'warning', message });

const WIDGET_PATH = /\/widget\/(v\d+|\d+\.\d+\.\d+)\/customercare\.js$/;
const SCRIPT_TYPES = ['', 'text/javascript', 'application/javascript'];

/** What is wrong with a page's script elements, whatever its key is. `server` is the base address of this product. */
export function judgePage({ scripts, policies, hasCommentedSnippet }: ReadPage, server: string): Finding[] {
  const [script] = scripts;
  if (!script) {
    return [
      hasCommentedSnippet
        ? error('script-commented', 'The script tag stands in a comment, so browsers ignore it.')
        : error('script-missing', 'The page holds no script tag of the widget. Paste the whole snippet.'),
    ];
  }
  const twice =
    scripts.length > 1 ? [warning('script-twice', 'There are several script tags; the first one counts.')] : [];
  return [
    ...twice,
    ...judgeElement(script),
    ...judgeAddress(script, server),
    ...judgePolicies(script, policies, server),
  ];
}

function judgeElement({ attributes, deadIn }: PageScript): Finding[] {
  const findings: Finding[] = [];
  if (deadIn !== null)
    findings.push(error('script-inert', `The script tag stands inside <${deadIn}>, where it does not run.`));
  const type = (attributes['type'] ?? '').trim().toLowerCase();
  if (type === 'module')
    findings.push(error('type-module', 'A module cannot read its own attributes. Take type="module" away.'));
  else if (!SCRIPT_TYPES.includes(type)) {
    findings.push(
      error(
        'type-blocked',
        `With type="${type.slice(0, 60)}" browsers do not run it, until a consent tool changes that.`,
      ),
    );
  }
  if (attributes['async'] === undefined && attributes['defer'] === undefined) {
    findings.push(warning('async-missing', 'Without async the page waits for the script.'));
  }
  return findings;
}

function judgeAddress({ attributes }: PageScript, server: string): Finding[] {
  const { src = '', 'data-api-url': apiUrl } = attributes;
  const base = new URL(server);
  // A page may serve the files itself, and then names the server.
  if (apiUrl !== undefined) {
    const isOurs = parseUrl(apiUrl)?.host === base.host;
    return isOurs ? [] : [error('api-url-wrong', `data-api-url must be ${server}.`)];
  }
  if (src.trim() === '') return [error('src-missing', 'The script tag has no src.')];
  const url = parseUrl(src);
  if (!url) return [error('src-relative', `The src is relative to the page. Use ${server}/widget/v1/customercare.js.`)];
  if (url.host !== base.host)
    return [error('src-wrong-host', `The src is on ${url.host.slice(0, 260)}; the server is ${base.host}.`)];
  if (url.protocol !== base.protocol) return [error('src-insecure', `The src must start with ${base.protocol}//.`)];
  return WIDGET_PATH.test(url.pathname)
    ? []
    : [error('src-wrong-path', 'The path must be /widget/v1/customercare.js.')];
}

function judgePolicies({ attributes }: PageScript, policies: readonly string[], server: string): Finding[] {
  const src = parseUrl(attributes['src'] ?? '');
  if (!src) return [];
  const api = new URL(server);
  const socket = new URL(server.replace(/^http/, 'ws'));
  return policies.flatMap((content) => {
    const policy = new CspPolicy(content);
    const findings: Finding[] = [];
    if (!policy.allowsScript(src, attributes['nonce'])) {
      findings.push(error('csp-script-src', `The page’s policy forbids the script. Add ${src.origin} to script-src.`));
    }
    if (!policy.allowsConnection(api)) {
      findings.push(
        error('csp-connect-src', `The page’s policy forbids the requests. Add ${api.origin} to connect-src.`),
      );
    }
    if (!policy.allowsConnection(socket)) {
      findings.push(
        error('csp-connect-src-socket', `The page’s policy forbids the socket. Add ${socket.origin} to connect-src.`),
      );
    }
    return findings;
  });
}
