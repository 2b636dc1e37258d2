import { AppError } from '@app/kernel';
import { contrastOf } from './contrast';

/** What an owner may set of the widget's looks and words. Everything here is public: the widget gets it as it is. */
export interface EmbedConfig {
  title: string;
  greeting: string;
  starterQuestions: string[];
  /** Tells visitors that a machine answers. Its version is the embed's `disclosureVersion`. */
  aiDisclosure: string;
  /** `#rrggbb`; null leaves the widget's own. */
  accentColor: string | null;
  /** Text on the accent; null lets the widget choose by the accent's lightness. */
  onAccentColor: string | null;
  /** null: the end of the line in the widget's language. */
  position: 'left' | 'right' | null;
  launcherLabel: string | null;
  /** BCP 47; null: the page's language, then the visitor's. */
  locale: string | null;
  /** null: the direction of the language. */
  direction: 'ltr' | 'rtl' | null;
}

const DEFAULTS: EmbedConfig = {
  title: 'Ask us',
  greeting: 'Hello! What would you like to know?',
  starterQuestions: [],
  aiDisclosure: 'You are talking to an automated assistant. Its answers come from our documents and can be wrong.',
  accentColor: null,
  onAccentColor: null,
  position: null,
  launcherLabel: null,
  locale: null,
  direction: null,
};

/** WCAG 2.2, 1.4.3: text of ordinary size. */
const MIN_CONTRAST = 4.5;

/** What is stored, with the defaults for what it does not name: rows may be older than a field. */
export const completeConfig = (stored: Partial<EmbedConfig>): EmbedConfig => ({ ...DEFAULTS, ...stored });

/** The fields of a request that belong here; what it does not name is left out, so that spreading keeps what was there. */
export function configIn(input: Partial<EmbedConfig>): Partial<EmbedConfig> {
  const named = Object.entries(input).filter(([key, value]) => key in DEFAULTS && value !== undefined);
  return Object.fromEntries(named); // keys of EmbedConfig with the types the DTO checked
}

/** @throws AppError `request.invalid` when nobody could read the text on the accent */
export function assertReadable({ accentColor, onAccentColor }: EmbedConfig): void {
  if (accentColor === null || onAccentColor === null || contrastOf(accentColor, onAccentColor) >= MIN_CONTRAST) return;
  const message = `must have a contrast of at least ${MIN_CONTRAST} to the accent colour, or be null`;
  throw new AppError('request.invalid', { errors: [{ path: 'onAccentColor', message }] });
}
