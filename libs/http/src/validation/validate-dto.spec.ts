import { AppError } from '@app/kernel';

import { BooleanField } from '../fields/boolean-field';
import { EmailField } from '../fields/email-field';
import { EnumField } from '../fields/enum-field';
import { ListField } from '../fields/list-field';
import { TextField } from '../fields/text-field';
import { TimeField } from '../fields/time-field';
import { UuidField } from '../fields/uuid-field';
import { validateDto } from './validate-dto';

class EverythingDto {
  @EmailField()
  email: string;

  @UuidField({ nullable: true })
  id: string | null;

  @BooleanField({ optional: true })
  isLoud?: boolean;

  @EnumField({ values: ['left', 'right'] })
  side: string;

  @ListField({ max: 5 }, { minItems: 1, maxItems: 3 })
  words: string[];

  @TextField({ max: 12, min: 4 })
  password: string;

  @TimeField({ optional: true, nullable: true })
  endsAt?: string | null;
}

const good = {
  email: ' Anna@Example.COM ',
  id: null,
  side: 'left',
  words: ['a', 'b'],
  password: ' pass ',
};

async function faultsOf(plain: unknown): Promise<string[]> {
  const error: unknown = await validateDto(EverythingDto, plain).catch((reason: unknown) => reason);
  if (!(error instanceof AppError)) return [];
  return (error.options.errors ?? []).map(({ path, message }) => `${path} ${message}`);
}

describe('validateDto', () => {
  it.each([undefined, null, '2028-02-29T23:59:59.5Z', '2027-03-01T00:30:00+02:00'])(
    'takes the time %p',
    async (endsAt) => {
      expect(await faultsOf({ ...good, endsAt })).toEqual([]);
    },
  );

  it('gives an instance of the class with normalised values', async () => {
    const dto = await validateDto(EverythingDto, good);
    expect(dto).toBeInstanceOf(EverythingDto);
    expect(dto).toEqual({ ...good, email: 'anna@example.com' });
  });

  it.each([
    [{ email: 'anna' }, 'email must be an e-mail address'],
    [{ email: `${'a'.repeat(250)}@example.com` }, 'email must have 3 to 254 characters'],
    [{ email: ['anna@example.com'] }, 'email must be an e-mail address'],
    [{ endsAt: '2027-02-30T00:00:00Z' }, 'endsAt must be a time that exists'],
    [{ endsAt: '2027-04-31T12:00:00+02:00' }, 'endsAt must be a time that exists'],
    [{ endsAt: '2027-04-30T25:00:00Z' }, 'endsAt must be a time that exists'],
    [{ endsAt: '2027-04-30' }, 'endsAt must be a time such as 2026-03-01T09:30:00Z, or null'],
    [{ email: '"a b"@example.com' }, 'email must be an e-mail address'],
    [{ email: '"a,b"@example.com' }, 'email must be an e-mail address'],
    [{ id: '42' }, 'id must be a UUID'],
    [{ id: undefined }, 'id is required'],
    [{ isLoud: 'true' }, 'isLoud must be true or false'],
    [{ isLoud: 1 }, 'isLoud must be true or false'],
    [{ isLoud: null }, 'isLoud must be true or false'],
    [{ side: 'LEFT' }, 'side must be one of left, right'],
    [{ side: ['left'] }, 'side must be one of left, right'],
    [{ words: [] }, 'words must have at least 1 items'],
    [{ words: ['a', 'b', 'c', 'd'] }, 'words must have at most 3 items'],
    [{ words: ['a', 5] }, 'words must be text without control characters'],
    [{ words: ['too long'] }, 'words must have 1 to 5 characters'],
    [{ words: { length: 1, 0: 'a' } }, 'words must be a list'],
    [{ password: 'abc' }, 'password must have 4 to 12 characters'],
    [{ extra: 1 }, 'extra is not a known field'],
  ])('refuses %j', async (change, fault) => {
    expect(await faultsOf({ ...good, ...change })).toContain(fault);
  });

  it('says of a field that is missing that it is required, and nothing else', async () => {
    expect(await faultsOf({ id: null, side: 'left', words: ['a'] })).toEqual([
      'email is required',
      'password is required',
    ]);
  });

  it.each([[null], [undefined], ['text'], [5], [[]], [[good]]])('refuses %j as a whole', async (plain) => {
    expect(await faultsOf(plain)).toEqual([' must be an object']);
  });

  it.each(['constructor', '__proto__', 'prototype'])('refuses the key %s, at any depth', async (key) => {
    const plain = JSON.parse(`{"${key}": {"isAdmin": true}}`) as object; // it is one
    expect(await faultsOf({ ...good, ...plain })).toEqual([`${key} is not a known field`]);
    expect(await faultsOf({ ...good, words: [plain] })).toEqual([`${key} is not a known field`]);
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined();
  });

  it('refuses deep nesting before anything recursive touches it', async () => {
    const nest = (depth: number): unknown => (depth === 0 ? 'a' : { a: nest(depth - 1) });
    expect(await faultsOf({ ...good, words: nest(15) })).toContain('words must be a list');
    expect(await faultsOf({ ...good, words: nest(16) })).toEqual([' is nested too deeply']);
  });

  it('refuses too many parts before it looks at any of them', async () => {
    expect(await faultsOf({ ...good, words: Array.from({ length: 20_000 }, () => 'a') })).toEqual([
      ' has too many parts',
    ]);
  });
});
