import { ConfigError } from './config-error';
import { loadConfig } from './load-config';
import { goodEnvironment } from './testing/bad-environments';

const OIDC = {
  OIDC_ISSUER: 'https://login.blue-kettle.test',
  OIDC_CLIENT_ID: 'customercare',
  OIDC_CLIENT_SECRET: 'Vq8mT2rX9kL4',
};

function faultsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig({ ...goodEnvironment(), ...env });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map((fault) => fault.setting);
    throw error;
  }
}

describe('OIDC settings', () => {
  it('are off when nothing is set, and whole when everything is', () => {
    expect(loadConfig(goodEnvironment()).oidc).toBeNull();
    expect(loadConfig({ ...goodEnvironment(), ...OIDC }).oidc).toEqual({
      issuer: 'https://login.blue-kettle.test',
      clientId: 'customercare',
      clientSecret: 'Vq8mT2rX9kL4',
      name: 'Single sign-on',
      hasSignUp: false,
      returnPath: '/',
    });
  });

  it('are refused half set, each missing one by name', () => {
    expect(faultsOf({ OIDC_ISSUER: OIDC.OIDC_ISSUER })).toEqual(['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']);
    expect(faultsOf({ ...OIDC, OIDC_ISSUER: undefined })).toEqual(['OIDC_ISSUER']);
  });

  it.each([
    ['OIDC_ISSUER', 'http://login.blue-kettle.test'],
    ['OIDC_CLIENT_SECRET', 'change-me'],
    ['OIDC_RETURN_PATH', 'https://evil.example/'],
    ['OIDC_RETURN_PATH', '//evil.example'],
    ['OIDC_RETURN_PATH', '/\\\\evil.example'],
    ['OIDC_RETURN_PATH', '/in?next=//evil.example'],
    ['OIDC_RETURN_PATH', '/in#x'],
    ['OIDC_RETURN_PATH', '/a/../b'],
    ['OIDC_RETURN_PATH', 'in'],
    ['OIDC_SIGN_UP', 'yes'],
  ])('in production refuse %s=%s', (name, value) => {
    expect(faultsOf({ ...OIDC, [name]: value })).toEqual([name]);
  });
});
