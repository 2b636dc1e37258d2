import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { Socket as TcpSocket } from 'node:net';
import { Admin } from './support/admin';
import { corpusFile, describeWithCorpus } from './support/corpus';
import { INSIDE } from './support/problems';
import { type RawAnswer, send } from './support/raw-http';
import { describeServerStack, type Stack } from './support/stack';
import { until } from './support/until';
import { Visitor } from './support/visitor';

interface FrameCase {
  id: string;
  frame: string;
}

const SITE = 'https://shop.example.com';
const ENGINE = '/socket.io/?EIO=4&transport=';
const MEBIBYTE = 1024 * 1024;
/** A WebSocket text frame `2probe` of a client, masked with zeros (RFC 6455, 5.2). */
const PROBE = Buffer.concat([Buffer.from([0x81, 0x80 | 6, 0, 0, 0, 0]), Buffer.from('2probe')]);

describeWithCorpus('Sockets send rubbish', () => {
  // The file's own shape; its manifest describes it.
  const cases = JSON.parse(corpusFile('attack/own/socketio-frames.json').toString('utf8')) as FrameCase[];

  // Nothing of this depends on the database.
  describeServerStack('W05 A22 A23', (start) => {
    let stack: Stack;
    let embedKey: string;
    let neighbour: Visitor;

    beforeAll(async () => {
      stack = await start({ LIMIT_SOCKETS_PER_IP: '1000' });
      const admin = await Admin.register(stack.url);
      await admin.uploadAndIndex('hours.md', Buffer.from('# Hours\n\nThe shop is open from nine to five.\n'));
      ({ embedKey } = await admin.createEmbed([SITE]));
      neighbour = await Visitor.arrive(stack.url, embedKey, SITE);
    }, 180_000);
    afterAll(async () => {
      neighbour?.leave();
      await stack?.stop();
    });

    /** Bytes of memory the process has. */
    const residentBytes = (): number =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${stack.api.pid}/status`, 'utf8'))?.[1]) * 1024;
    const engine = (transport: string, headers: Record<string, string> = { origin: SITE }): Promise<RawAnswer> =>
      send(stack.url, { method: 'GET', path: ENGINE + transport, headers });
    const openPolling = async (): Promise<string> => {
      const { text } = await engine('polling');
      return (JSON.parse(text.slice(1)) as { sid: string }).sid;
    };
    const post = (sid: string, text: string, origin = SITE): Promise<RawAnswer> =>
      send(stack.url, { method: 'POST', path: `${ENGINE}polling&sid=${sid}`, text, headers: { origin } });

    /** An upgrade that says `2probe` and never goes on. */
    const probe = (sid: string): Promise<TcpSocket> =>
      new Promise((resolve, reject) => {
        const headers = {
          origin: SITE,
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': Buffer.alloc(16).toString('base64'),
        };
        const outgoing = request(`${stack.url}${ENGINE}websocket&sid=${sid}`, { headers });
        outgoing.once('upgrade', (_response, socket: TcpSocket) => {
          socket.on('error', () => undefined);
          socket.write(PROBE);
          resolve(socket);
        });
        outgoing.once('response', ({ statusCode }) => reject(new Error(`no upgrade: ${statusCode}`)));
        outgoing.once('error', reject);
        outgoing.end();
      });

    /** What is no frame but a way to speak to the engine, by the words of the corpus. */
    const WAYS: Record<string, () => Promise<unknown>> = {
      'polling: POST 5 MB body': async () => {
        const refused = await post(await openPolling(), '4'.repeat(5_000_000)).catch(() => ({ status: 413 }));
        expect(refused.status).toBe(413);
      },
      'polling: sid reuse from other IP/Origin': async () => {
        const sid = await openPolling();
        expect((await post(sid, '40/chat,{}', 'https://evil.example')).status).toBe(400);
        expect((await post(sid, '40/chat,{}')).status).toBe(200);
      },
      'upgrade: probe without finishing, 200 times': async () => {
        const sockets: TcpSocket[] = [];
        for (let count = 0; count < 200; count += 1) sockets.push(await probe(await openPolling()));
        await isStillFine();
        for (const socket of sockets) socket.destroy();
      },
      'EIO=4&transport=webtransport': async () => expect((await engine('webtransport')).status).toBe(400),
      'EIO=4&transport=__proto__': async () => expect((await engine('__proto__')).status).toBe(400),
      '?token= in query string': async () => {
        const { status, text } = await engine(`polling&token=${neighbour.session.visitorToken}`);
        expect([status, INSIDE.exec(text)?.[0]]).toEqual([403, undefined]);
        expect(stack.api.log).not.toContain(neighbour.session.visitorToken);
      },
    };

    /** The neighbour is answered on the connection it had all along, by the process there was all along. */
    async function isStillFine(): Promise<void> {
      const ack = await neighbour.sync(0);
      expect([ack.ok, neighbour.socket.connected, stack.api.hasExited]).toEqual([true, true, false]);
    }

    /** As written, for the default namespace where nothing lives, and for the one where something listens. */
    const variantsOf = (frame: string): string[] => [...new Set([frame, frame.replace(/^(4\d+-?)/, '$1/chat,')])];

    /** The WebSocket below the client. engine.io-client keeps it private; its own encoder would not write such frames. */
    const wireOf = (visitor: Visitor): { send(frame: string | Buffer): void } =>
      (visitor.socket.io.engine.transport as unknown as { ws: { send(frame: string | Buffer): void } }).ws;

    async function sendFrame(frame: string): Promise<string[]> {
      const attacker = await Visitor.arrive(stack.url, embedKey, SITE);
      const said: string[] = [];
      attacker.socket.io.engine.on('message', (data: unknown) => said.push(String(data)));
      wireOf(attacker).send(frame);
      // An answer to a later event shows that the server has dealt with the frame, or it has hung up.
      if (attacker.socket.connected) await attacker.sync(0).catch(() => undefined);
      attacker.leave();
      return said;
    }

    it.each(cases)('$id: $frame disturbs nobody', async ({ frame }) => {
      const way = WAYS[frame];
      if (way) await way();
      else {
        if (/^(polling|upgrade|EIO|\?)/.test(frame)) throw new Error(`nobody knows how to send "${frame}"`);
        for (const variant of variantsOf(frame)) {
          expect((await sendFrame(variant)).join('\n')).not.toMatch(/node_modules|\bat \w+.*\.[tj]s:|OR 1=1/);
        }
      }
      await isStillFine();
    });

    it('binary frames, and a flood of them, disturb nobody', async () => {
      const attacker = await Visitor.arrive(stack.url, embedKey, SITE);
      for (let i = 0; i < 200 && attacker.socket.connected; i += 1) wireOf(attacker).send(Buffer.alloc(1024, i));
      await isStillFine();
      attacker.leave();
    });

    it('A22 a frame over 64 KiB ends its own connection and no other', async () => {
      const attacker = await Visitor.arrive(stack.url, embedKey, SITE);
      attacker.socket.emit('message-send', { text: 'x'.repeat(70_000) });
      await until(() => attacker.socket.disconnected, 5, 'the end of the connection');
      await isStillFine();
    });

    it('two hundred connections that never speak disturb nobody', async () => {
      await Promise.all(Array.from({ length: 200 }, openPolling));
      await isStillFine();
    });

    it('and twenty rounds of all the frames leave the process as large as it was', async () => {
      const frames = cases.map(({ frame }) => frame).filter((frame) => !WAYS[frame]);
      const before = residentBytes();
      for (let round = 0; round < 20; round += 1) {
        for (const frame of frames) await post(await openPolling(), frame).catch(() => undefined);
      }
      expect(residentBytes() - before).toBeLessThan(100 * MEBIBYTE);
      await isStillFine();
    }, 120_000);

    it('and whoever came before is answered as ever', async () => {
      expect((await neighbour.ask('When is the shop open?')).outcome).toBe('answered');
    });
  });
});
