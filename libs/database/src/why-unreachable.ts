import { errorCode } from './error-code';

/** What the driver's error codes mean to somebody who has to mend the setting. None of them quotes a value. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at that address',
  ENOTFOUND: 'its host is not known',
  EAI_AGAIN: 'its host is not known',
  ETIMEDOUT: 'it does not answer',
  '28P01': 'the password is wrong',
  '28000': 'the server does not accept this login, or not without encryption',
  '3D000': 'that database does not exist',
  '53300': 'the server has no connection left',
  '57P03': 'the server is starting or shutting down',
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another name",
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  SELF_SIGNED_CERT_IN_CHAIN: "the server's certificate is not from a trusted authority; name yours with sslrootcert",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the server's certificate is not from a trusted authority; name yours with sslrootcert",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "the server's certificate is not from a trusted authority; name yours with sslrootcert",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "the server's certificate is not from a trusted authority; name yours with sslrootcert",
};

/** `: <reason>`, or nothing for an error nobody has met before. */
export function whyUnreachable(error: unknown): string {
  const reason = REASONS[errorCode(error) ?? ''];
  return reason === undefined ? '' : `: ${reason}`;
}
