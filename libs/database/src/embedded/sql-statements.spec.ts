import { sqlStatements } from './sql-statements';

describe('sqlStatements', () => {
  const cases: [string, string[][]][] = [
    ['', []],
    [' ; ;; ', []],
    ['SELECT 1', [['select', '1']]],
    ['begin; commit', [['begin'], ['commit']]],
    [`select ';' || 'it''s; set role x'`, [['select', "'", '|', '|', "'"]]],
    [`select "a;b" from "x""y;z"`, [['select', '"', 'from', '"']]],
    [`select e'\\'; reset all'`, [['select', "'"]]],
    [
      `select E'a''b\\'c'; reset all`,
      [
        ['select', "'"],
        ['reset', 'all'],
      ],
    ],
    [
      `select 'a\\'; reset all`,
      [
        ['select', "'"],
        ['reset', 'all'],
      ],
    ],
    [
      `select name'\\'; reset all`,
      [
        ['select', 'name', "'"],
        ['reset', 'all'],
      ],
    ],
    [
      `select u&'\\0041'; reset all`,
      [
        ['select', 'u', '&', "'"],
        ['reset', 'all'],
      ],
    ],
    ['-- reset all\nselect 1', [['select', '1']]],
    ['-- reset all\rselect 1', [['select', '1']]],
    ['/* ; /* nested */ reset all; */ select 1', [['select', '1']]],
    ['/* open; reset all', []],
    [
      'select $$ ; reset all $$; show all',
      [
        ['select', "'"],
        ['show', 'all'],
      ],
    ],
    [
      'select $a$ $b$ ; $$ ; $a$; show all',
      [
        ['select', "'"],
        ['show', 'all'],
      ],
    ],
    [
      'select $1, a$b$c; show all',
      [
        ['select', '$', '1', ',', 'a$b$c'],
        ['show', 'all'],
      ],
    ],
    ['select é;set', [['select', 'é'], ['set']]],
    ['select \u00a0set', [['select', '\u00a0set']]],
    [
      "select 😀e'\\'; reset all",
      [
        ['select', '😀e', "'"],
        ['reset', 'all'],
      ],
    ],
  ];

  it.each(cases)('reads %j', (sql, expected) => {
    expect(sqlStatements(sql)).toEqual(expected);
  });
});
