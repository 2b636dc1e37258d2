import { newId } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';

import { settingsForTests } from '../testing/settings-for-tests';
import { KnownDevices, MAX_DEVICE_TOKEN_CHARACTERS, presentedDevice } from './known-devices';

const NINETY_DAYS = 90 * 86_400;

describe('A04 known devices', () => {
  const clock = new FakeClock();
  const devices = new KnownDevices(settingsForTests(), clock);
  const anna = newId();

  it('are known by a token of one account for ninety days', () => {
    const token = devices.issue(anna, null);
    expect(token.length).toBeLessThanOrEqual(MAX_DEVICE_TOKEN_CHARACTERS);
    expect(devices.read(token)).toEqual({ userId: anna, id: expect.any(String) });
    clock.advance(NINETY_DAYS - 1);
    expect(devices.read(token)).not.toBeNull();
    clock.advance(1);
    expect(devices.read(token)).toBeNull();
  });

  it('keep their id when the same account signs in again, and get another for another account', () => {
    const token = devices.issue(anna, null);
    clock.advance(NINETY_DAYS - 1);
    const renewed = devices.issue(anna, token);
    clock.advance(NINETY_DAYS - 1);
    expect(devices.read(renewed)?.id).toBe(token.split('.')[1]);
    const ben = newId();
    expect(devices.read(devices.issue(ben, renewed))).toMatchObject({ userId: ben });
    expect(devices.read(devices.issue(ben, renewed))?.id).not.toBe(devices.read(renewed)?.id);
    expect(devices.read(devices.issue(anna, 'made up'))?.id).not.toBe(devices.read(renewed)?.id);
  });

  it('are not known by a token with any part changed, nor by one of another key', () => {
    const token = devices.issue(anna, null);
    const [userId = '', id = '', expiresAt = '', mac = ''] = token.split('.');
    const { tokens, secrets } = settingsForTests();
    const elsewhere = new KnownDevices(
      { tokens, secrets: { ...secrets, secretKey: Buffer.alloc(32, 9) }, ownOrigins: [] },
      clock,
    );
    const changed = [
      [newId(), id, expiresAt, mac],
      [userId, newId(), expiresAt, mac],
      [userId, id, String(Number(expiresAt) + 1), mac],
      [userId, id, expiresAt, `${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`],
      [userId, id, expiresAt, ''],
    ].map((parts) => parts.join('.'));
    for (const forged of [...changed, `${token}x`, '', elsewhere.issue(anna, null)]) {
      expect(devices.read(forged)).toBeNull();
    }
  });

  it('show their token in the body, or else in the cookie', () => {
    const request = { headers: { cookie: 'a=1; __Host-device=from-cookie' } };
    expect(presentedDevice('from-body', request)).toBe('from-body');
    expect(presentedDevice(undefined, request)).toBe('from-cookie');
    expect(presentedDevice(undefined, { headers: {} })).toBeNull();
  });
});
