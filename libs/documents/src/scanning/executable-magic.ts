/** First bytes of programs: ELF, Java and universal Mach-O, Mach-O in both orders and widths, WebAssembly. */
const MAGIC = ['7f454c46', 'cafebabe', 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', '0061736d'].map((hex) =>
  Buffer.from(hex, 'hex'),
);
const DOS_MAGIC = Buffer.from('MZ');
/** Where a DOS header says that the Windows header begins (PE format, 3.1). */
const PE_OFFSET_AT = 0x3c;

/** Whether a system would run these bytes as a program. */
export function isExecutable(bytes: Buffer): boolean {
  if (MAGIC.some((magic) => bytes.subarray(0, magic.length).equals(magic))) return true;
  if (!bytes.subarray(0, 2).equals(DOS_MAGIC) || bytes.length < PE_OFFSET_AT + 4) return false;
  const offset = bytes.readUInt32LE(PE_OFFSET_AT);
  return (
    bytes.subarray(offset, offset + 2).equals(Buffer.from('PE')) ||
    bytes.includes('This program cannot be run in DOS mode')
  );
}
