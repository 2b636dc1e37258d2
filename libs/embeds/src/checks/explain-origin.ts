import { domainToUnicode } from 'node:url';
import { parseUrl } from '@app/kernel';
import { isLookAlike } from '../look-alike';
import { isWildcard, matchesOrigin, parseOrigin } from '../origin-rule';

/** Why a site may or may not use an embed, for its owner; strangers only ever see 404. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

export interface OriginVerdict {
  /** The first rule that allows it, or null. */
  readonly matchedRule: string | null;
  readonly reasons: readonly Reason[];
}

/** @param origin what somebody typed: an `Origin` header, or the address of a page */
export function explainOrigin(rules: readonly string[], origin: string): OriginVerdict {
  const matchedRule = rules.find((rule) => matchesOrigin([rule], origin)) ?? null;
  if (matchedRule !== null) {
    return { matchedRule, reasons: [{ code: 'matched', message: `The rule ${matchedRule} allows it.` }] };
  }
  const url = parseOrigin(origin);
  if (!url) return { matchedRule: null, reasons: [explainForm(origin)] };
  const written = url.origin === origin ? [] : [explainSpelling(rules, origin, url)];
  return { matchedRule: null, reasons: [...written, ...explainMisses(rules, url)] };
}

function explainForm(origin: string): Reason {
  if (origin === 'null') {
    return {
      code: 'null-origin',
      message:
        'Pages opened from files and sandboxed frames send "null". It belongs to nobody, so it is never allowed.',
    };
  }
  const isDotted = parseUrl(origin)?.hostname.endsWith('.') === true;
  return isDotted
    ? {
        code: 'trailing-dot',
        message: 'The host ends in a dot. Browsers treat that as another site; take the dot away.',
      }
    : {
        code: 'not-an-origin',
        message: 'This is no address of a web site. Browsers send one such as https://shop.example.com.',
      };
}

function explainSpelling(rules: readonly string[], origin: string, url: URL): Reason {
  const verdict = matchesOrigin(rules, url.origin) ? 'which is allowed' : 'which is not allowed either';
  return { code: 'spelling', message: `Browsers send ${url.origin} for ${origin}, ${verdict}.` };
}

/** What nearly fits: the scheme, the port or a label more or less. */
function explainMisses(rules: readonly string[], url: URL): Reason[] {
  if (rules.length === 0)
    return [{ code: 'no-rules', message: 'No origin is allowed yet, so nobody may use this embed.' }];
  if (matchesOrigin(rules, url.origin)) return [];
  const near = rules.flatMap((rule) => explainMiss(rule, url));
  if (near.length > 0) return near;
  const letters = domainToUnicode(url.hostname);
  if (letters.split('.').some((label) => isLookAlike(label))) {
    return [
      { code: 'look-alike', message: `The host is ${letters}: other letters that look like those of another name.` },
    ];
  }
  return [{ code: 'not-listed', message: `Nothing on the list is like it: ${rules.join(', ')}.` }];
}

function explainMiss(rule: string, url: URL): Reason[] {
  const ruleUrl = new URL(rule.replace('*.', 'x.')); // rules are stored in canonical form
  const host = isWildcard(rule) ? ruleUrl.hostname.slice('x.'.length) : ruleUrl.hostname;
  const fits = isWildcard(rule) ? isOneBelow(url.hostname, host) : url.hostname === host;
  if (fits && url.protocol !== ruleUrl.protocol) {
    return [{ code: 'scheme', message: `The rule ${rule} is for ${schemeOf(ruleUrl)}, and this is ${schemeOf(url)}.` }];
  }
  if (fits) {
    return [
      { code: 'port', message: `The rule ${rule} is for port ${portOf(ruleUrl)}, and this is port ${portOf(url)}.` },
    ];
  }
  return isRelated(url.hostname, host) ? [{ code: 'subdomain', message: explainLabels(rule, url.hostname, host) }] : [];
}

function explainLabels(rule: string, hostname: string, host: string): string {
  if (!isWildcard(rule)) return `The rule ${rule} is for exactly ${host}, and this host is ${hostname}.`;
  return hostname === host
    ? `The rule ${rule} is for hosts one level below ${host}, and not for ${host} itself.`
    : `The rule ${rule} is for hosts one level below ${host}; ${hostname} is not.`;
}

const isOneBelow = (hostname: string, host: string): boolean =>
  hostname.endsWith(`.${host}`) && !hostname.slice(0, -host.length - 1).includes('.');

const isRelated = (one: string, other: string): boolean =>
  one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);

const schemeOf = ({ protocol }: URL): string => protocol.slice(0, -1);
const portOf = ({ port, protocol }: URL): string => (port !== '' ? port : protocol === 'https:' ? '443' : '80');
