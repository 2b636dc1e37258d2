/** Names for files in one archive: the same name again, whatever its case, goes to a folder of its own. */
export class ArchivePaths {
  private readonly timesUsed = new Map<string, number>();

  /** @param fileName cleaned; it stays as it is, but for a dot at its beginning, which would hide it */
  next(fileName: string): string {
    const name = fileName.replace(/^\./, '_');
    const key = name.toLowerCase();
    const times = (this.timesUsed.get(key) ?? 0) + 1;
    this.timesUsed.set(key, times);
    return times === 1 ? `documents/${name}` : `documents/${times}/${name}`;
  }
}
