import { applyDecorators, type Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type as Nested } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, ValidateNested } from 'class-validator';

import { type FieldPresence, presenceDecorators, presenceDocs } from './field-presence';
import { type TextLimits, textRules } from './text-rules';

export interface ListFieldOptions extends FieldPresence {
  /** 0 when left out. */
  minItems?: number;
  maxItems: number;
}

/**
 * A list of texts, `@ListField({ max: 200 }, { maxItems: 20 })`, or of objects with a DTO class of their own,
 * `@ListField(() => OriginDto, { maxItems: 20 })`.
 */
export function ListField(item: TextLimits | (() => Type<object>), options: ListFieldOptions): PropertyDecorator {
  const { minItems = 0, maxItems } = options;
  const size = { isArray: true, minItems, maxItems, ...presenceDocs(options) } as const;
  const [docs, rules] =
    typeof item === 'function'
      ? [
          ApiProperty({ type: item, ...size }),
          [ValidateNested({ each: true, message: 'must hold objects' }), Nested(item)],
        ]
      : [
          ApiProperty({
            type: 'array',
            minItems,
            maxItems,
            items: { type: 'string', minLength: item.min ?? 1, maxLength: item.max },
            ...presenceDocs(options),
          }),
          textRules(item, true),
        ];
  return applyDecorators(
    docs,
    ...presenceDecorators(options),
    ...rules,
    IsArray({ message: 'must be a list' }),
    ArrayMinSize(minItems, { message: `must have at least ${minItems} items` }),
    ArrayMaxSize(maxItems, { message: `must have at most ${maxItems} items` }),
  );
}
