import { GENERAL } from './xlsx-formats';

/** Days between the two epochs of spreadsheets (ECMA-376 part 1, 18.17.4.1). */
const DAYS_TO_1904 = 1462;
/** IEEE 754 doubles keep 15 decimal digits; a sixteenth shows 0.1 + 0.2 as 0.30000000000000004. */
const DIGITS = 15;

const two = (value = 0): string => String(value).padStart(2, '0');

/**
 * Numbers of cells → what the sheet shows; dates and times as in ISO 8601, because 03/04 is read in two ways.
 * @param isFrom1904 whether the workbook counts its days from 1904
 */
export class XlsxNumbers {
  private constructor(
    private readonly library: typeof import('numfmt'),
    private readonly isFrom1904: boolean,
  ) {}

  static async create(isFrom1904: boolean): Promise<XlsxNumbers> {
    return new XlsxNumbers(await import('numfmt'), isFrom1904);
  }

  /** @param value as written in the file; what is not a number stays as it is */
  show(value: string, format: string): string {
    const number = Number(value);
    if (value.trim() === '' || !Number.isFinite(number)) return value;
    const plain = String(Number(number.toPrecision(DIGITS)));
    if (format === GENERAL) return plain;
    try {
      return this.date(number, format) ?? this.library.format(format, number, { throws: true });
    } catch {
      return plain; // a format that no spreadsheet program would take either
    }
  }

  private date(serial: number, format: string): string | undefined {
    const { isDateFormat, getFormatDateInfo, dateFromSerial } = this.library;
    if (!isDateFormat(format) || /\[[hms]+\]/i.test(format)) return undefined; // durations are not dates
    const parts: number[] | null = dateFromSerial(serial + (this.isFrom1904 ? DAYS_TO_1904 : 0));
    if (!parts) return undefined;
    const shown = getFormatDateInfo(format);
    const date = [String(parts[0]), two(parts[1]), two(parts[2])].join('-');
    const time = [two(parts[3]), two(parts[4]), two(Math.floor(parts[5] ?? 0))].join(':').replace(/:00$/, '');
    if (!shown.year && !shown.month && !shown.day) return time;
    return shown.hours ? `${date} ${time}` : date;
  }
}
