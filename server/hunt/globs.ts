import picomatch from 'picomatch';

/** Judges paths by globs, any case; a glob without a slash is a file name. Backslashes are slashes. */
export function globs(patterns: readonly string[]): (path: string) => boolean {
  const matchers = patterns.map((pattern) => {
    const glob = pattern.replaceAll('\\', '/');
    return picomatch(glob, { nocase: true, dot: true, basename: !glob.includes('/') });
  });
  return (path) => {
    const plain = path.replaceAll('\\', '/');
    return matchers.some((matches) => matches(plain));
  };
}
