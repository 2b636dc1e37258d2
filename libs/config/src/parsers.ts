import { isIP } from 'node:net';
import { parseUrl } from '@app/kernel';

/** Readers of a setting's text. Each throws an Error that says what is wrong and never quotes the text. */
type Parser<T> = (text: string) => T;

export const text: Parser<string> = (value) => value;

export const integer =
  (min: number, max: number): Parser<number> =>
  (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < min || number > max) {
      throw new Error(`must be a whole number from ${min} to ${max}`);
    }
    return number;
  };

/** In any case: Python writes `False`. */
export const flag: Parser<boolean> = (value) => {
  const lower = value.toLowerCase();
  if (lower === 'true' || lower === '1') return true;
  if (lower === 'false' || lower === '0') return false;
  throw new Error('must be true or false');
};

export const oneOf =
  <T extends string>(...words: readonly T[]): Parser<T> =>
  (value) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw new Error(`must be one of ${words.join(', ')}`);
    return found;
  };

/** A JSON list of texts (the form of the guides) or texts with commas between. */
export const list =
  <T>(item: Parser<T>): Parser<T[]> =>
  (value) =>
    splitList(value).map(item);

function splitList(value: string): string[] {
  if (!value.startsWith('[')) {
    const items = value.split(',').map((item) => item.trim());
    return items.filter((item) => item !== '');
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw new Error('must be a JSON list of texts, or texts with commas between');
  }
  if (!Array.isArray(parsed) || !parsed.every((item): item is string => typeof item === 'string')) {
    throw new Error('must be a JSON list of texts');
  }
  return parsed;
}

/** An address with one of the schemes, such as `postgres:`. */
export const url =
  (...schemes: readonly string[]): Parser<string> =>
  (value) => {
    const address = parseUrl(value);
    if (!address || !schemes.includes(address.protocol)) {
      throw new Error(`must be an address that starts with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`);
    }
    if (!isDecodable(address)) throw new Error('has a percent sign that encodes nothing; write % as %25');
    return value;
  };

function isDecodable({ username, password }: URL): boolean {
  try {
    return typeof decodeURIComponent(username + password) === 'string';
  } catch {
    return false;
  }
}

/** Scheme, host and port as browsers send them; `*`, `null`, paths and trailing slashes are not origins. */
export const origin: Parser<string> = (value) => {
  const address = parseUrl(value);
  const isOrigin = address && /^https?:$/.test(address.protocol) && address.origin === value;
  if (!isOrigin || value.includes('*')) {
    throw new Error('must hold exact origins such as https://app.example.com, without a path, slash or wildcard');
  }
  return value;
};

/** A path of this site: one slash first, nothing a browser would take for another host or for a fragment. */
export const path: Parser<string> = (value) => {
  if (!/^\/(?!\/)[A-Za-z0-9\-._~/]*$/.test(value) || value.split('/').includes('..')) {
    throw new Error('must be a path such as /signed-in, without a host, query or fragment');
  }
  return value;
};

const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

/** A value of the Host header: a name or address, with or without a port. */
export const host: Parser<string> = (value) => {
  const lower = value.toLowerCase();
  if (lower.length > 259 || !HOST.test(lower)) {
    throw new Error('must hold host names such as chat.example.com, without a scheme, path or wildcard');
  }
  return lower;
};

/** How many proxies stand in front, or which addresses they have. `true` would believe anybody. */
export const trustedProxies: Parser<number | string[]> = (value) => {
  if (/^\d+$/.test(value)) return integer(0, 10)(value);
  return list(cidr)(value);
};

const cidr: Parser<string> = (value) => {
  const [address = '', prefix, ...rest] = value.split('/');
  const bits = isIP(address) === 4 ? 32 : 128;
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= bits);
  if (isIP(address) === 0 || !isPrefix || rest.length > 0) {
    throw new Error('must be a number of proxies (0 to 10) or a list of addresses such as 10.0.0.0/8; never true');
  }
  return value;
};

const MAIL_SENDER = /^(?:[^\p{Cc}<>"@,;:]{1,80} <([^\s<>@,;]+@[^\s<>@,;]+)>|[^\s<>@,;]+@[^\s<>@,;]+)$/u;

/** One address, with or without a display name in front. */
export const mailSender: Parser<string> = (value) => {
  if (value.length > 254 || !MAIL_SENDER.test(value)) {
    throw new Error('must be an address such as help@example.com or Help <help@example.com>');
  }
  return value;
};
