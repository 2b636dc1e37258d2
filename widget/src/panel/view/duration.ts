/** A time to wait, as people say it in their language: "40 seconds", "2 minutes". Never shorter than it is. */
export function duration(seconds: number, locale: string): string {
  const [unit, length] = seconds < 100 ? (['second', 1] as const) : seconds < 5400 ? MINUTE : HOUR;
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(
    Math.ceil(seconds / length),
  );
}

const MINUTE = ['minute', 60] as const;
const HOUR = ['hour', 3600] as const;
