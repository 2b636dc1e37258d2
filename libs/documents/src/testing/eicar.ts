/** The EICAR test file (eicar.org), put together at run time so that scanners leave this source alone. */
export const eicar = (): Buffer =>
  Buffer.from(
    ['WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FS', 'LVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo='].join(''),
    'base64',
  );
