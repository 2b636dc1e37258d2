import * as engine from 'engine.io-parser';
import * as original from 'socket.io-parser';
import { decodePacket, encodePacket } from './engine-parser';
import { Decoder, Encoder, type Packet } from './socket-parser';

const PACKETS: Packet[] = [
  { type: 0, nsp: '/chat', data: { token: 'abc' } },
  { type: 0, nsp: '/' },
  { type: 1, nsp: '/chat' },
  { type: 2, nsp: '/chat', data: ['answer-delta', { offset: 3, text: 'a, "b" \n [1]' }] },
  { type: 2, nsp: '/chat', id: 12, data: ['message-send', { text: '/chat,5' }] },
  { type: 3, nsp: '/chat', id: 7, data: [{ ok: true }] },
  { type: 4, nsp: '/chat', data: { message: 'no', data: { code: 'visitor.token-invalid' } } },
];

function decode(text: string): Packet | undefined {
  let packet: Packet | undefined;
  const decoder = new Decoder();
  decoder.on('decoded', (decoded) => (packet = decoded));
  decoder.add(text);
  return packet;
}

describe('the text parser of Socket.IO packets', () => {
  it.each(PACKETS)('writes $type on $nsp as the original does', (packet) => {
    expect(new Encoder().encode(packet)).toEqual(new original.Encoder().encode(packet as original.Packet));
  });

  it.each(PACKETS)('reads $type on $nsp as the original writes it', (packet) => {
    const [text] = new original.Encoder().encode(packet) as [string];
    expect(decode(text)).toEqual(packet);
  });

  it.each(['', '9', '5', 'x', '2/chat,{"a":1}', '2/chat,', '3/chat,1', '2[', '0{'])('refuses %j', (text) => {
    expect(() => decode(text)).toThrow();
  });

  it.each([
    { type: 'open', data: '{"sid":"a"}' },
    { type: 'ping' },
    { type: 'pong', data: 'probe' },
    { type: 'message', data: '2/chat,["x"]' },
    { type: 'noop' },
  ] as engine.Packet[])('writes and reads the engine packet $type as the original does', (packet) => {
    let ours: unknown;
    let theirs: unknown;
    encodePacket(packet, false, (text) => (ours = text));
    engine.encodePacket(packet, false, (text) => (theirs = text));
    expect(ours).toBe(theirs);
    expect(decodePacket(ours)).toEqual(engine.decodePacket(String(theirs)));
  });

  it('tells an engine packet it cannot read', () => {
    expect(['x', '', new ArrayBuffer(1)].map((data) => decodePacket(data).type)).toEqual(['error', 'error', 'error']);
  });
});
