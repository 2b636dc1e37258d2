import { listLooseFields } from '@app/http';
import type { Type } from '@nestjs/common';
import { InboxEvents } from './inbox-events';

describe('InboxEvents', () => {
  // Looked at, never called: what the handlers need does not matter here.
  const events = new InboxEvents(null as never, null as never);
  const handlers = Reflect.get(events, 'handlers') as Record<string, { dto: Type<object> }>; // private, and all of them

  it('A22 A35 B47 takes no payload that is not checked and bounded, whichever events there are', () => {
    expect(Object.keys(handlers).length).toBeGreaterThanOrEqual(2);
    expect(Object.values(handlers).flatMap(({ dto }) => listLooseFields(dto))).toEqual([]);
  });
});
