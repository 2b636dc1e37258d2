import { AllowedHosts } from './allowed-hosts';

describe('AllowedHosts', () => {
  const hosts = new AllowedHosts(['chat.example.com', 'admin.example.com:8443']);

  it.each([
    ['chat.example.com', true],
    ['CHAT.example.com', true],
    ['chat.example.com:443', true],
    ['admin.example.com:8443', true],
    ['admin.example.com', false],
    ['admin.example.com:443', false],
    ['localhost', false],
    ['sub.chat.example.com', false],
    ['chat.example.com.evil.example', false],
    ['chat.example.com@evil.example', false],
    ['chat.example.com:443:443', false],
    ['', false],
  ])('answers for %j with %s', (host, isAllowed) => {
    expect(hosts.isAllowed(['Accept', '*/*', 'Host', host])).toBe(isAllowed);
  });

  it('wants exactly one Host header, in any case, and is not fooled by values', () => {
    expect(hosts.isAllowed([])).toBe(false);
    expect(hosts.isAllowed(['host', 'chat.example.com', 'HOST', 'chat.example.com'])).toBe(false);
    expect(hosts.isAllowed(['x-note', 'host', 'Host', 'chat.example.com'])).toBe(true);
    expect(hosts.isAllowed(['host', 'chat.example.com', 'x-note', 'host'])).toBe(true);
  });

  it('serves loopback names alone when none are listed', () => {
    const local = new AllowedHosts([]);
    expect(['localhost:3000', '127.0.0.1', '[::1]:3000'].every((host) => local.isAllowed(['Host', host]))).toBe(true);
    expect(local.isAllowed(['Host', 'rebound.example'])).toBe(false);
  });
});
