export { ChatModule } from './chat.module';
export { ChatOptions } from './chat-options';
export { SecureSocketAdapter, type SecureSocketOptions } from './sockets/secure-socket.adapter';
