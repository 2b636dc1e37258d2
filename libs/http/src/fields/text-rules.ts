import { Length, ValidateBy } from 'class-validator';

/** C0 controls but tab, line feed and carriage return; DEL. PostgreSQL refuses NUL, and no person types the others. */
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Half a character: not valid Unicode, so no UTF-8 can carry it. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Text that can be stored, sent and compared: well-formed Unicode without control characters. */
const IsCleanText = (each: boolean): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isCleanText',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && !LONE_SURROGATE.test(value) && !CONTROLS.test(value),
        defaultMessage: () => 'must be text without control characters',
      },
    },
    { each },
  );

export interface TextLimits {
  /** Characters (code points); 1 when left out. */
  min?: number;
  /** Characters (code points). */
  max: number;
}

/** The rules of one text, or of each text of a list. */
export const textRules = ({ min = 1, max }: TextLimits, each = false): PropertyDecorator[] => [
  IsCleanText(each),
  Length(min, max, { each, message: `must have ${min} to ${max} characters` }),
];
