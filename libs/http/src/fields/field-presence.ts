import { ValidateIf } from 'class-validator';

export interface FieldPresence {
  /** The field may be left out. `null` is still refused. */
  optional?: boolean;
  /** The field may be null. */
  nullable?: boolean;
  /** One sentence for the api documentation. */
  description?: string;
}

/**
 * class-validator's own `@IsOptional()` lets null through as well, and then a service meets a null its type denies.
 */
export function presenceDecorators({ optional = false, nullable = false }: FieldPresence): PropertyDecorator[] {
  if (!optional && !nullable) return [];
  return [
    ValidateIf((_dto: object, value: unknown) => !((optional && value === undefined) || (nullable && value === null))),
  ];
}

/** What every field tells the api documentation. */
export const presenceDocs = ({ optional = false, nullable = false, description }: FieldPresence) => ({
  required: !optional,
  nullable,
  ...(description !== undefined && { description }),
});
