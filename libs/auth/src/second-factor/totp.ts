import { Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';

/** RFC 6238, 5.2: the recommended step, which every authenticator app has. */
const STEP_SECONDS = 30;
/** RFC 4226, 4, R6: the recommended length of a secret, 160 bits. */
const SECRET_BYTES = 20;
const CODE = /^\d{6}$/;

/** What authenticator apps show above the code. */
const ISSUER = 'CustomerCare';

/** One-time codes of authenticator apps (TOTP, RFC 6238: SHA-1, six digits, 30 seconds), by the product's clock. */
@Injectable()
export class Totp {
  constructor(private readonly clock: Clock) {}

  /** Base32. */
  async newSecret(): Promise<string> {
    const { generateSecret } = await import('otplib');
    return generateSecret({ length: SECRET_BYTES });
  }

  /** What an app reads from a QR code. */
  async addressOf(secret: string, label: string): Promise<string> {
    const { generateURI } = await import('otplib');
    return generateURI({ issuer: ISSUER, label, secret });
  }

  /**
   * The time step of a right code, or null. One step before and after now is taken for clocks that differ; a step at or
   * before `lastStep` is not, so that a code is good once (RFC 6238, 5.2; OWASP ASVS 5.0, 6.5.1).
   */
  async match(secret: string, text: string, lastStep: number): Promise<number | null> {
    const code = text.replace(/\s/g, '');
    if (!CODE.test(code)) return null;
    const { TOTP, NobleCryptoPlugin, ScureBase32Plugin } = await import('otplib');
    const totp = new TOTP({ crypto: new NobleCryptoPlugin(), base32: new ScureBase32Plugin() });
    const found = await totp.verify(code, {
      secret,
      epoch: Math.floor(this.clock.now().getTime() / 1000),
      period: STEP_SECONDS,
      epochTolerance: STEP_SECONDS,
      ...(lastStep > 0 && { afterTimeStep: lastStep }),
    });
    return found.valid ? found.timeStep : null;
  }
}
