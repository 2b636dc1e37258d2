import type { ConfigFault } from './config-error';
import { isLoopback, isNearHost } from './near-host';
import { oidcProductionFaults } from './oidc-faults';
import type { SettingsRead } from './read-settings';
import { s3ProductionFaults } from './s3-faults';
import { isPlaceholder } from './secret-strength';

/** Passwords of tutorials, images and installers. */
const WELL_KNOWN_PASSWORDS = new Set([
  'admin',
  'changeme',
  'customercare',
  'default',
  'example',
  'password',
  'postgres',
  'redis',
  'root',
  'secret',
  'test',
]);

/** A word of its own in a login's or database's name: `app_dev`, `/test`, `customercare-staging`. */
const OTHER_ENVIRONMENT = /(?:^|[^a-z])(?:dev|development|test|testing|staging|stage|local)(?:$|[^a-z])/i;

/** Logins that installers and clouds make to administer a server; an application has one of its own. */
const ADMINISTRATORS = new Set([
  'admin',
  'administrator',
  'azure_pg_admin',
  'cloudsqlsuperuser',
  'doadmin',
  'postgres',
  'rdsadmin',
  'root',
  'superuser',
]);

/** node-postgres believes these parameters of an address more than the address itself, past everything checked here. */
const OVERRIDES = ['user', 'password', 'host', 'port', 'ssl'];

/** What production refuses. Development is allowed to be comfortable; production is not. */
export function productionFaults(read: SettingsRead): ConfigFault[] {
  const { GEMINI_API_KEY, GEMINI_BASE_URL, REDIS_URL, DATABASE_URL, DATABASE_OWNER_URL } = read.values;
  const named = (setting: string, messages: string[]): ConfigFault[] =>
    messages.map((message) => ({ setting, message }));
  return [
    ...serverFaults(read),
    ...webFetchFaults(read),
    ...oidcProductionFaults(read),
    ...s3ProductionFaults(read),
    ...named('GEMINI_API_KEY', isPlaceholder(GEMINI_API_KEY ?? '') ? ['looks like a placeholder'] : []),
    ...named('GEMINI_BASE_URL', geminiFaults(GEMINI_BASE_URL)),
    ...named('REDIS_URL', redisFaults(REDIS_URL)),
    ...named('SMTP_URL', read.isSet('SMTP_URL') ? [] : ['is required in production: accounts are confirmed by mail']),
    ...named('MAIL_FROM', read.isSet('MAIL_FROM') ? [] : ['is required in production']),
    ...named('DATABASE_URL', applicationDatabaseFaults(DATABASE_URL)),
    ...named('DATABASE_OWNER_URL', DATABASE_OWNER_URL === null ? [] : databaseFaults(DATABASE_OWNER_URL)),
  ];
}

function serverFaults({ values, isSet }: SettingsRead): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const refuse = (setting: string, message: string): void => void faults.push({ setting, message });
  if (values.DEBUG) refuse('DEBUG', 'must be false in production');
  if (values.LOG_LEVEL === 'debug' || values.LOG_LEVEL === 'trace') {
    refuse('LOG_LEVEL', 'is too talkative for production');
  }
  if (values.CORS_ORIGINS.some((origin) => !origin.startsWith('https://'))) {
    refuse('CORS_ORIGINS', 'must hold https origins only in production');
  }
  if (values.PUBLIC_URL !== null && !values.PUBLIC_URL.startsWith('https://')) {
    refuse('PUBLIC_URL', 'must start with https:// in production');
  }
  if (values.ALLOWED_HOSTS.length === 0 && !isSet('PUBLIC_URL')) {
    refuse('ALLOWED_HOSTS', 'must name the hosts that are served in production');
  }
  // Whoever writes that file decides when tokens, sessions and keys end.
  if (values.TEST_CLOCK_FILE !== null) refuse('TEST_CLOCK_FILE', 'must not be set in production');
  return faults;
}

/** They open ways into the network, and make the crawler impolite. */
function webFetchFaults({ values, isSet }: SettingsRead): ConfigFault[] {
  const names = ['WEB_FETCH_TEST_DNS', 'WEB_FETCH_TEST_PAUSE_MS'] as const;
  const set = [
    ...(values.WEB_FETCH_TEST_ENDPOINTS.length > 0 ? ['WEB_FETCH_TEST_ENDPOINTS'] : []),
    ...names.filter((name) => isSet(name)),
  ];
  return set.map((setting) => ({ setting, message: 'must not be set in production' }));
}

/** A key sent in clear text is a key given away; on the same machine nobody is listening. */
function geminiFaults(baseUrl: string): string[] {
  const { protocol, hostname } = new URL(baseUrl);
  return protocol === 'https:' || isLoopback(hostname) ? [] : ['must start with https:// in production'];
}

function redisFaults(address: string | null): string[] {
  if (address === null) return [];
  const { protocol, hostname, password } = new URL(address);
  return [
    ...passwordFaults(password),
    ...(protocol === 'rediss:' || isNearHost(hostname) ? [] : ['must start with rediss:// in production']),
  ];
}

/** That the login is bound by row-level security is asked of the database itself, at the start. */
function applicationDatabaseFaults(address: string | null): string[] {
  if (address === null) return ['is required in production'];
  const user = decodeURIComponent(new URL(address).username).toLowerCase();
  return [
    ...databaseFaults(address),
    ...(user === '' ? ['must name a login'] : []),
    ...(ADMINISTRATORS.has(user) ? ['must be a login of the application, not an administrator of the server'] : []),
  ];
}

/**
 * node-postgres connects in clear text without a word when there is no sslmode, and accepts any certificate with
 * `no-verify` or `uselibpqcompat`. `require` is taken for what it should mean and made verify-full.
 */
function databaseFaults(address: string): string[] {
  const { searchParams, password, username, pathname } = new URL(address);
  const modes = searchParams.getAll('sslmode');
  const isVerified = modes.length === 1 && (modes[0] === 'require' || modes[0] === 'verify-full');
  const overrides = OVERRIDES.filter((name) => searchParams.has(name));
  return [
    ...overrides.map((name) => `must not say ${name}= behind the question mark`),
    ...(isVerified ? [] : ['must say sslmode=verify-full in production']),
    ...(searchParams.has('uselibpqcompat') ? ['must not say uselibpqcompat: it accepts any certificate'] : []),
    ...(password === '' && searchParams.has('sslcert') ? [] : passwordFaults(password)),
    ...([username, pathname].some((name) => OTHER_ENVIRONMENT.test(name))
      ? ['names a login or database of another environment: production has its own']
      : []),
  ];
}

function passwordFaults(password: string): string[] {
  if (password === '') return ['must hold a password in production'];
  return WELL_KNOWN_PASSWORDS.has(decodeURIComponent(password).toLowerCase()) ? ['holds a well-known password'] : [];
}
