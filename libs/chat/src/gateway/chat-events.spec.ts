import { IntegerField, listLooseFields, TextField } from '@app/http';
import type { Type } from '@nestjs/common';
import { IsString } from 'class-validator';
import { ChatEvents } from './chat-events';

class CarelessDto {
  @IsString()
  text: string;

  @TextField({ max: 5 })
  fine: string;

  @IntegerField({ min: 0, max: 5 })
  seq: number;
}

describe('ChatEvents', () => {
  // Looked at, never called: what the handlers need does not matter here.
  const events = new ChatEvents(null as never, null as never, null as never, null as never);
  const handlers = Reflect.get(events, 'handlers') as Record<string, { dto: Type<object> }>; // private, and all of them

  it('A22 A35 B47 takes no payload that is not checked and bounded, whichever events there are', () => {
    expect(Object.keys(handlers).length).toBeGreaterThanOrEqual(4);
    expect(Object.values(handlers).flatMap(({ dto }) => listLooseFields(dto))).toEqual([]);
  });

  it('A35 and a careless payload would be found', () => {
    expect(listLooseFields(CarelessDto)).toEqual(['CarelessDto.text has no maximum']);
  });
});
