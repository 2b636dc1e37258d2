import { refusalOf } from './statement-guard';

describe('refusalOf', () => {
  it.each([
    'select 1',
    'with x as (select 1) select * from x',
    'insert into t values (1)',
    'start transaction; select enter_context($1, $2)',
    'set transaction isolation level serializable',
    `set local lock_timeout = '1s'`,
    '(select 1) union select 2',
    '',
  ])('lets the application send %j', (sql) => {
    expect(refusalOf(sql, 'application')).toBeNull();
  });

  it.each([
    'set search_path to x',
    'set session characteristics as transaction read only',
    'set local role postgres',
    'set local lock_timeout',
    'create table t ()',
    'do $$ $$',
    'begin; reset all',
    'copy t from stdin',
    'call p()',
    'import foreign schema x',
  ])('refuses the application %j', (sql) => {
    expect(refusalOf(sql, 'application')).toMatch(/is not available to this login$/);
  });

  it('lets the owner change the schema, but not who it is', () => {
    expect(refusalOf('create table t (); do $$ $$; grant all on t to x', 'owner')).toBeNull();
    expect(refusalOf('set role postgres', 'owner')).toBe('SET is not available to this login');
    expect(refusalOf('create table t (); reset session authorization', 'owner')).toMatch(/^RESET/);
  });

  it('judges each kind for itself, also when it has seen the statement', () => {
    expect(refusalOf('drop table t', 'owner')).toBeNull();
    expect(refusalOf('drop table t', 'application')).toMatch(/^DROP/);
  });
});
