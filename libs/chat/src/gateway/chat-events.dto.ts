import { BooleanField, IntegerField, TextField, UuidField } from '@app/http';

/** A 32-bit integer is what seq is in the database. */
export const MAX_SEQ = 2_147_483_647;

export class MessageSendDto {
  @UuidField()
  clientMessageId: string;

  /** The protocol's limit of 4,000 has an error code of its own; this one bounds the work of validating. */
  @TextField({ max: 65_536, trim: true })
  text: string;

  @BooleanField({ optional: true })
  replyToStarter?: boolean;
}

export class AnswerStopDto {
  @UuidField()
  answerId: string;
}

export class ConversationSyncDto {
  @IntegerField({ min: 0, max: MAX_SEQ })
  afterSeq: number;
}

export class TokenRenewDto {
  @TextField({ max: 2_048 })
  token: string;
}
