/** The long-polling transport, fetched only where WebSockets do not get through. */
export { Fetch } from 'socket.io-client';
