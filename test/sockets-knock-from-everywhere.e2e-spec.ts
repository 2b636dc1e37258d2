import { io, type Socket } from 'socket.io-client';
import { Admin } from './support/admin';
import { corpusFile, describeWithCorpus } from './support/corpus';
import { describeServerStack, type Stack } from './support/stack';
import { Visitor } from './support/visitor';

interface OriginCase {
  id: string;
  origin: string;
  expect: string;
}

/** What the corpus takes for the one allowed origin. */
const ALLOWED = 'https://shop.example.com';
const TRANSPORTS = ['websocket', 'polling'] as const;

/** White space around a header's value is not part of it (RFC 9110, 5.5): the server never sees it. */
const arrivesAsAllowed = (origin: string): boolean => origin !== ALLOWED && origin.trim() === ALLOWED;

/** Admitted, refused, or not even sendable: HTTP has no way to write some of these. */
type Outcome = 'admitted' | 'refused' | 'unsendable';

function knock(socket: Socket): Promise<Outcome> {
  return new Promise((resolve) => {
    const settle = (outcome: Outcome): void => {
      socket.disconnect();
      resolve(outcome);
    };
    socket.once('connect', () => settle('admitted'));
    socket.once('connect_error', () => settle('refused'));
  });
}

describeWithCorpus('Sockets knock from everywhere', () => {
  const cases = JSON.parse(corpusFile('attack/own/origins.json').toString('utf8')) as OriginCase[];

  // Nothing of this depends on the database.
  describeServerStack('W01 A09 B44', (start) => {
    let stack: Stack;
    let admin: Admin;
    let embedKey: string;

    beforeAll(async () => {
      stack = await start({ CORS_ORIGINS: JSON.stringify([ALLOWED]), LIMIT_SOCKETS_PER_IP: '100' });
      admin = await Admin.register(stack.url);
      ({ embedKey } = await admin.createEmbed([ALLOWED]));
    }, 180_000);
    afterAll(() => stack?.stop());

    const auth = async (namespace: string): Promise<Record<string, string>> => {
      if (namespace === '/inbox') return { token: admin.session.accessToken, workspaceId: admin.workspaceId };
      return { token: (await Visitor.openSession(stack.url, embedKey, ALLOWED)).visitorToken };
    };

    const outcome = async (namespace: string, transport: string, origin: string | undefined): Promise<Outcome> => {
      try {
        const socket = io(stack.url + namespace, {
          transports: [transport],
          auth: await auth(namespace),
          extraHeaders: origin === undefined ? {} : { origin },
          forceNew: true,
          timeout: 2_000,
          reconnection: false,
        });
        return await knock(socket);
      } catch {
        return 'unsendable';
      }
    };

    for (const namespace of ['/chat', '/inbox']) {
      for (const transport of TRANSPORTS) {
        it(`to ${namespace} by ${transport}, and only the one exact origin gets in`, async () => {
          const admitted: string[] = [];
          const wanted: string[] = [];
          for (const { id, origin, expect: verdict } of cases) {
            if ((await outcome(namespace, transport, origin)) === 'admitted') admitted.push(id);
            if (verdict === 'accept' || arrivesAsAllowed(origin)) wanted.push(id);
          }
          expect(cases.length).toBeGreaterThan(10);
          expect(admitted).toEqual(wanted);
          for (const none of [undefined, 'null', 'https://admin.example.net']) {
            expect(await outcome(namespace, transport, none)).toBe('refused');
          }
        }, 120_000);
      }
    }
  });
});
