import { judgePage } from './judge-script';
import { readPage } from './read-page';

const SERVER = 'https://chat.example';
const KEY = 'data-embed-key="cc_pub_x"';
const SRC = `src="${SERVER}/widget/v1/customercare.js"`;
const findingsIn = async (html: string): Promise<string[]> =>
  judgePage(await readPage(html), SERVER).map(({ severity, code }) => `${severity}: ${code}`);

describe('judgePage', () => {
  it.each([
    `<script async ${SRC} ${KEY}></script>`,
    `<!doctype html><head><script defer ${SRC} ${KEY}></script></head>`,
    `<script async src="${SERVER}/widget/1.2.3/customercare.js?x" ${KEY}></script>`,
    `<script async src="/chat/customercare.js" data-api-url="${SERVER}" ${KEY}></script>`,
    `<SCRIPT ASYNC TYPE="text/javascript" ${SRC.toUpperCase().replace(/"(.*)"/, `"${SERVER}/widget/v1/customercare.js"`)} ${KEY}></SCRIPT>`,
    `<meta http-equiv="Content-Security-Policy" content="script-src ${SERVER}; connect-src ${SERVER} wss://chat.example"><script async ${SRC} ${KEY}></script>`,
    `<template><p></p></template><script async ${SRC} ${KEY}></script>`,
  ])('finds nothing in %s', async (html) => expect(await findingsIn(html)).toEqual([]));

  it.each([
    ['', ['error: script-missing']],
    ['<p>Hello', ['error: script-missing']],
    [`<!-- <script async ${SRC} ${KEY}></script> -->`, ['error: script-commented']],
    [`<script ${SRC} ${KEY}></script>`, ['warning: async-missing']],
    [`<noscript><script async ${SRC} ${KEY}></script></noscript>`, ['error: script-inert']],
    [`<template><script async ${SRC} ${KEY}></script></template>`, ['error: script-inert']],
    [`<script async type="text/plain" ${SRC} ${KEY}></script>`, ['error: type-blocked']],
    [`<script async type="module" ${SRC} ${KEY}></script>`, ['error: type-module']],
    [`<script async ${KEY}></script>`, ['error: src-missing']],
    [`<script async src="/widget/v1/customercare.js" ${KEY}></script>`, ['error: src-relative']],
    [`<script async src="https://other.example/widget/v1/customercare.js" ${KEY}></script>`, ['error: src-wrong-host']],
    [`<script async src="http://chat.example/widget/v1/customercare.js" ${KEY}></script>`, ['error: src-insecure']],
    [`<script async src="${SERVER}/v1/customercare.js" ${KEY}></script>`, ['error: src-wrong-path']],
    [`<script async src="/c.js" data-api-url="https://other.example" ${KEY}></script>`, ['error: api-url-wrong']],
    [`<script async ${SRC} ${KEY}></script><script async ${SRC} ${KEY}></script>`, ['warning: script-twice']],
    [
      `<meta http-equiv="content-security-policy" content="default-src 'self'"><script async ${SRC} ${KEY}></script>`,
      ['error: csp-script-src', 'error: csp-connect-src', 'error: csp-connect-src-socket'],
    ],
    [
      `<meta http-equiv="content-security-policy" content="connect-src ${SERVER}"><script async ${SRC} ${KEY}></script>`,
      ['error: csp-connect-src-socket'],
    ],
  ])('finds in %s: %j', async (html, expected) => expect(await findingsIn(html)).toEqual(expected));

  it('reads what is broken, deep or hostile in a moment', async () => {
    const started = Date.now();
    for (const html of [
      '<'.repeat(200_000),
      '<a '.repeat(60_000),
      '<div>'.repeat(40_000),
      `<meta content="${';'.repeat(190_000)}">`,
    ]) {
      expect(await findingsIn(html)).toEqual(['error: script-missing']);
    }
    expect(Date.now() - started).toBeLessThan(5_000);
  });
});
