import type { ChatMessage, Citation } from '@app/chat-protocol';
import { FieldCipher, type FieldPlace } from '@app/crypto';
import { Injectable } from '@nestjs/common';
import { type MessageRow, toChatMessage } from './message';

/** Which message a value belongs to. */
export interface MessageKey {
  readonly workspaceId: string;
  readonly id: string;
}

/**
 * What people and the assistant say lies encrypted: the text of a message, and the citations with their quotes. A value
 * opens in its own message alone; anything else is `data.unreadable`, never somebody else's words.
 */
@Injectable()
export class SealedMessages {
  constructor(private readonly cipher: FieldCipher) {}

  sealText(key: MessageKey, text: string): string {
    return this.cipher.seal(placeOf(key, 'text'), text);
  }

  /** @throws AppError `data.unreadable` */
  openText(key: MessageKey, sealed: string): string {
    return this.cipher.open(placeOf(key, 'text'), sealed);
  }

  /** No citations are no value. */
  sealCitations(key: MessageKey, citations: readonly Citation[]): string | null {
    return citations.length === 0 ? null : this.cipher.seal(placeOf(key, 'citations'), JSON.stringify(citations));
  }

  /** @throws AppError `data.unreadable` */
  open(workspaceId: string, row: MessageRow): ChatMessage {
    const key = { workspaceId, id: row.id };
    const citations = this.cipher.openNullable(placeOf(key, 'citations'), row.citations);
    return toChatMessage(row, {
      text: this.openText(key, row.text),
      // Sealed by sealCitations: nobody else has the key.
      citations: citations === null ? [] : (JSON.parse(citations) as Citation[]),
    });
  }
}

const placeOf = ({ workspaceId, id }: MessageKey, column: 'text' | 'citations'): FieldPlace => ({
  table: 'messages',
  column,
  rowId: id,
  workspaceId,
});
