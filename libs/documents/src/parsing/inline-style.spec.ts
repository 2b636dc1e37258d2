import { isInvisibleStyle } from './inline-style';

describe('isInvisibleStyle', () => {
  it.each([
    'display:none',
    'color:red; DISPLAY : None !important',
    'visibility:hidden',
    'opacity: 0.0',
    'font-size:0',
    'font-size:1px',
    'position:absolute;left:-9999px',
    'text-indent:-5000px',
    'color:#fff;background:#ffffff',
    'color: rgb(255, 255, 255); background-color: white',
    'color:#fefefe;background-color:#fff',
    'color:transparent',
    'color:rgba(0,0,0,0)',
  ])('knows %s', (style) => {
    expect(isInvisibleStyle(style)).toBe(true);
  });

  it.each([
    '',
    'color:#fff',
    'color:#fff;background:#1a2b3c',
    'color:white;background:url(a.png)',
    'font-size:0.9em',
    'font-size:12px',
    'opacity:0.5',
    'display:block',
    'margin-left:-20px;left:-10px',
    'color:transparent;background-clip:text;background:linear-gradient(red,blue)',
    'toString:1;color:constructor;background:constructor',
  ])('lets %j be seen', (style) => {
    expect(isInvisibleStyle(style)).toBe(false);
  });
});
