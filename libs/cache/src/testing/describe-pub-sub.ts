import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

import type { PubSub } from '../pub-sub';

export interface PubSubUnderTest {
  /** Two nodes that hear each other; the same object where there is only one process. */
  here: PubSub;
  there: PubSub;
  close?(): Promise<void>;
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !isTrue(); attempt += 1) await wait(10);
}

/** What every PubSub promises. */
export function describePubSub(name: string, create: () => Promise<PubSubUnderTest>): void {
  describe(`${name} as a PubSub`, () => {
    let subject: PubSubUnderTest;
    beforeAll(async () => {
      subject = await create();
    });
    afterAll(async () => subject.close?.());

    it('delivers messages of its channel in order, once each, to every listener', async () => {
      const channel = randomUUID();
      const [first, second]: [string[], string[]] = [[], []];
      const listener = (message: string): void => void first.push(message);
      await subject.here.subscribe(channel, listener);
      await subject.there.subscribe(channel, (message) => void second.push(message));
      const sent = Array.from({ length: 20 }, (_, index) => `message ${index}`);
      for (const message of sent) await subject.there.publish(channel, message);
      await subject.there.publish(randomUUID(), 'elsewhere');
      await until(() => first.length >= 20 && second.length >= 20);
      expect(first).toEqual(sent);
      expect(second).toEqual(sent);
    });

    it('ends one subscription and leaves the others of the channel', async () => {
      const channel = randomUUID();
      const [ended, kept]: [string[], string[]] = [[], []];
      const end = await subject.here.subscribe(channel, (message) => void ended.push(message));
      await subject.here.subscribe(channel, (message) => void kept.push(message));
      await end();
      await end();
      await subject.here.publish(channel, 'still there');
      await until(() => kept.length > 0);
      expect(kept).toEqual(['still there']);
      expect(ended).toEqual([]);
    });

    it('hears again after the last subscription of a channel had ended', async () => {
      const channel = randomUUID();
      const heard: string[] = [];
      const end = await subject.here.subscribe(channel, () => undefined);
      await end();
      await subject.here.subscribe(channel, (message) => void heard.push(message));
      await subject.there.publish(channel, 'again');
      await until(() => heard.length > 0);
      expect(heard).toEqual(['again']);
    });
  });
}
