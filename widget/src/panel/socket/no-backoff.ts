/** Stands for the back-off of Socket.IO's Manager, whose reconnection is off: connection.ts decides when. */
export class Backoff {
  attempts = 0;
  reset(): void {}
  duration(): number {
    return 0;
  }
  setMin(): void {}
  setJitter(): void {}
}
