import { ERROR_CATALOGUE, type ErrorCode } from '@app/kernel';

/** Whether a stored text is a code of the catalogue. */
export const isKnownCode = (code: string | null): code is ErrorCode => code !== null && code in ERROR_CATALOGUE;
