import { MAX_SOCKET_PAYLOAD_BYTES } from '@app/chat-protocol';
import { EmbedRequestMiddleware } from '@app/embeds';
import { Injectable } from '@nestjs/common';

/** The same for messages, which may be as large as those of a socket. */
@Injectable()
export class VisitorRequestMiddleware extends EmbedRequestMiddleware {
  protected override readonly maxBodyBytes = MAX_SOCKET_PAYLOAD_BYTES;
}
