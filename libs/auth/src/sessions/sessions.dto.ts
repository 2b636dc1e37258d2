import { ApiProperty } from '@nestjs/swagger';

import { MAX_LISTED_SESSIONS, type OwnSession } from './sessions.service';

export class SessionView {
  @ApiProperty({ format: 'uuid', maxLength: 36 })
  id: string;

  @ApiProperty({ format: 'date-time', maxLength: 24 })
  createdAt: string;

  @ApiProperty({ description: 'The sign-in or the last refresh', format: 'date-time', maxLength: 24 })
  lastUsedAt: string;

  @ApiProperty({ type: String, nullable: true, maxLength: 45 })
  ip: string | null;

  @ApiProperty({ type: String, nullable: true, maxLength: 300 })
  userAgent: string | null;

  @ApiProperty({ description: 'The session this was asked with' })
  isCurrent: boolean;
}

export class SessionListView {
  @ApiProperty({ type: [SessionView], maxItems: MAX_LISTED_SESSIONS })
  items: SessionView[];
}

export class SessionsEndedView {
  @ApiProperty({ description: 'How many sessions this ended', minimum: 0 })
  count: number;
}

export const toSessionListView = (sessions: OwnSession[]): SessionListView => ({
  items: sessions.map(({ createdAt, lastUsedAt, ...session }) => ({
    ...session,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt.toISOString(),
  })),
});
