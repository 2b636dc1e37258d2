// npm run bench:enumeration: whether the time of an answer tells if an address has an account (OWASP ASVS 5.0, 6.3.8).
// Known and unknown addresses are asked about in random order at one running api; the medians of one run are compared as
// a ratio, so that the speed of the machine does not matter. Ends with 1 when one of them is more than ten per cent longer,
// or when the answers differ in anything else. TEST_DATABASE_URL names a PostgreSQL server; without it, the embedded one.
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { RunningApi } from './running-api.mjs';

const PAIRS = Number(process.argv[2] ?? 300);
const WARM_UP = 10;
/** One mailbox takes five mails of a kind an hour, and the sixth is not even queued: it is never reached. */
const ASKED_EACH = 4;
/** The job that decides about the mail is done by then; it is no part of the answer. */
const PAUSE_MS = 100;
const MOST = 1.1;

const PASSWORD = 'Violet-harbour-42-lantern';
const KINDS = {
  'sign-in, wrong password': ['/v1/auth/login', (email) => ({ email, password: 'Guessed-harbour-77' })],
  registration: ['/v1/auth/register', (email) => ({ email, password: PASSWORD, name: 'Ada', workspaceName: 'Acme' })],
  'new password': ['/v1/auth/password-resets', (email) => ({ email })],
};

const say = (text) => process.stdout.write(`${text}\n`);
const newAddress = () => `${randomUUID()}@example.com`;
/** Nobody's limit is reached: every request comes from somewhere else. */
const somewhere = () => ({ 'x-forwarded-for': [10, ...randomBytes(3)].join('.') });

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Everything of an answer but what is different in each: its id, the time, and how much of a limit is left. */
function shapeOf({ status, headers, text }) {
  const { date: _date, 'x-request-id': id, ...others } = headers;
  const kept = Object.entries(others).filter(([name]) => !name.startsWith('ratelimit-'));
  return JSON.stringify([status, Object.fromEntries(kept), text.replaceAll(id, '')]);
}

async function makeAccount(api) {
  const email = newAddress();
  const [path, body] = KINDS.registration;
  await api.send('POST', path, body(email), somewhere());
  const link = new RegExp(`mail to ${email}: Confirm[^]*?#(\\S+)`);
  for (let tries = 0; !link.test(api.log) && tries < 200; tries += 1) await wait(50);
  const token = link.exec(api.log)?.[1];
  const answer = await api.send('POST', '/v1/auth/registrations/confirm', { token }, somewhere());
  if (answer.status !== 201) throw new Error(`confirm: ${answer.status} ${answer.text}`);
  return email;
}

/** As many of each, in an order that tells nothing: what one request leaves behind for the next falls on both alike. */
function inRandomOrder(count) {
  const order = Array.from({ length: 2 * count }, (_, index) => (index < count ? 'known' : 'unknown'));
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = randomInt(index + 1);
    [order[index], order[other]] = [order[other], order[index]];
  }
  return order;
}

async function measure(api, [path, body], known) {
  const times = { known: [], unknown: [] };
  const shapes = new Set();
  let asked = 0;
  for (const kind of inRandomOrder(PAIRS + WARM_UP)) {
    const email = kind === 'known' ? known[asked++ % known.length] : newAddress();
    const answer = await api.send('POST', path, body(email), somewhere());
    times[kind].push(answer.milliseconds);
    shapes.add(shapeOf(answer));
    await wait(PAUSE_MS);
  }
  for (const measured of Object.values(times)) measured.splice(0, WARM_UP);
  const [mine, theirs] = [median(times.known), median(times.unknown)];
  return { known: mine, unknown: theirs, ratio: Math.max(mine, theirs) / Math.min(mine, theirs), shapes };
}

const plenty = Object.fromEntries(
  ['REQUESTS', 'AUTH_REQUESTS', 'EMBED_SESSIONS'].map((name) => [`LIMIT_${name}_PER_MINUTE`, '1000000']),
);
const api = await RunningApi.start({ TRUST_PROXY: '1', ...plenty });
let faults = 0;
try {
  const known = [];
  while (known.length * ASKED_EACH < PAIRS + WARM_UP) known.push(await makeAccount(api));
  say(`${PAIRS} pairs of requests a row, medians in milliseconds, Node ${process.versions.node}`);
  say('\n| request | with an account | without | ratio | answers |\n| --- | --- | --- | --- | --- |');
  for (const [name, kind] of Object.entries(KINDS)) {
    const { known: mine, unknown: theirs, ratio, shapes } = await measure(api, kind, known);
    const isSame = shapes.size === 1;
    say(
      `| ${[name, mine.toFixed(1), theirs.toFixed(1), ratio.toFixed(3), isSame ? 'the same' : 'DIFFER'].join(' | ')} |`,
    );
    if (!isSame) say([...shapes].join('\n'));
    if (!isSame || ratio > MOST) faults += 1;
  }
} finally {
  await api.stop();
}
say(
  faults === 0
    ? '\nNone is more than ten per cent longer.'
    : `\n${faults} of them tell known addresses from unknown ones.`,
);
process.exit(faults === 0 ? 0 : 1);
