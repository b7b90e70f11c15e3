/** What every program may know of the machine that it runs on. None of it is a secret. */
const OF_THE_MACHINE = [
  'PATH',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'NODE_EXTRA_CA_CERTS',
  'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED',
  // Windows starts no program without these.
  'SystemRoot',
  'SystemDrive',
  'windir',
  'ComSpec',
  'PATHEXT',
]

/** Where a person's own files are. Only programs that look for a file there get these. */
export const HOME: readonly string[] = ['HOME', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA']

/** Options of Node's that say how much memory it may use. They load no code and open no port. */
const HARMLESS = /^--(max-old-space-size|max-semi-space-size|stack-size)=\d+$/

/**
 * The environment of a program that runs other people's code: the variables of this list, and those named in `more`.
 * Everything else stays out, credentials above all. Of NODE_OPTIONS only the limits of memory stay.
 */
export function listedEnvironment(
  more: readonly string[] = [],
  from: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const listed: NodeJS.ProcessEnv = {}
  for (const name of [...OF_THE_MACHINE, ...more]) {
    if (from[name] !== undefined) listed[name] = from[name]
  }
  const options = from.NODE_OPTIONS?.split(/\s+/).filter(option => HARMLESS.test(option))
  if (options?.length && !more.includes('NODE_OPTIONS')) listed.NODE_OPTIONS = options.join(' ')
  return listed
}
