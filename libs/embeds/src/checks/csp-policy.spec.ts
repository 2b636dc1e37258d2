import { CspPolicy } from './csp-policy';

const SCRIPT = new URL('https://chat.example/widget/v1/customercare.js');
const SOCKET = new URL('wss://chat.example');

describe('CspPolicy', () => {
  it.each([
    ["img-src 'self'", true],
    ['script-src https://chat.example', true],
    ['script-src chat.example', true],
    ['script-src http://chat.example', true],
    ['script-src *.example', true],
    ['script-src https:', true],
    ['script-src *', true],
    ['SCRIPT-SRC https://chat.example/widget/', true],
    ["script-src 'nonce-abc'", true],
    ["script-src 'strict-dynamic' 'nonce-abc'", true],
    ["script-src 'strict-dynamic' https://chat.example", false],
    ["script-src 'none'", false],
    ["script-src 'self'", false],
    ["default-src 'self'", false],
    ["default-src 'self'; script-src https://chat.example", true],
    ['script-src-elem https://other.example; script-src https://chat.example', false],
    ['script-src https://chat.example:8443', false],
    ['script-src https://chat.example.evil.test', false],
    ["script-src 'self'; script-src *", false],
  ])('with %s lets the script load: %s', (content, expected) => {
    expect(new CspPolicy(content).allowsScript(SCRIPT, 'abc')).toBe(expected);
  });

  it.each([
    ["script-src 'self'", true],
    ['connect-src wss://chat.example', true],
    ['connect-src https://chat.example', false],
    ["default-src 'self'", false],
    ["default-src 'none'; connect-src *", true],
  ])('with %s lets the socket connect: %s', (content, expected) => {
    expect(new CspPolicy(content).allowsConnection(SOCKET)).toBe(expected);
  });
});
