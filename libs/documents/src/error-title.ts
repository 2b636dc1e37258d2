import { ERROR_CATALOGUE } from '@app/kernel';

/** A stored code in words; null when there is none, or none that is still known. */
export function errorTitleOf(code: string | null): string | null {
  const entry = Object.entries(ERROR_CATALOGUE).find(([known]) => known === code);
  return entry?.[1].title ?? null;
}
