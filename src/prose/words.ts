import { NOT_PROSE } from './mask.ts'

/** A word or a phrase that is foreign to this house's English, and what to write instead. */
export interface Rule {
  /** The name by which an allow comment calls the rule. */
  readonly name: string
  /** A space stands for any white space, line ends included. Letter case counts only with `exactCase`. */
  readonly pattern: string
  readonly exactCase?: true
  readonly write: string
  /** Sentences that the rule must find, and sentences that it must not. The unit test reads them. */
  readonly finds: readonly string[]
  readonly passes: readonly string[]
}

const archaic =
  'nought|naught|betimes|hither|thither|whither|wherefore|lest|albeit|whilst|whence|thence|hence|' +
  'thenceforth|henceforth|hitherto|heretofore|forthwith|unto|amidst|perchance|verily|aught|' +
  '(?:there|here|where)(?:of|in|by|to|upon|from|with|after)'

/** Verbs that stood here after a "Who …" in the sense of "someone who …". */
const deeds =
  'asks|comes|connects|deploys|has|is gone|is in|is no|leaves|listens|offers|publishes|registers|reads|says|sends|' +
  'signs|speaks|subscribes|unsubscribes|waits'

/** Words before which "leave" is a permission, and what one may have permission for. */
const forPermission =
  "by|with|without|no|needs?|needing|asks?|asked|asking|asks? for|asked for|gives?|gave|given|granted|lacks?|the|has|have|else's|nobody's"
const actions =
  'ask|assume|be|call|close|delete|do|get|hand|invoke|list|post|publish|put|read|send|start|write'

/** The words to avoid. Keep the list to what is really foreign here, with few false alarms. */
export const rules: readonly Rule[] = [
  {
    name: 'whoever',
    pattern: 'who(?:m|so|mso)?ever',
    write: '"someone who", "anyone who", "everyone who", or name them: "the client that", "the caller"',
    finds: ['Whoever connects is written on a list.', 'given to whomever it concerns'],
    passes: ['Clients that connect are put on a list.', 'whatever happens'],
  },
  {
    name: 'who as a subject',
    pattern: `(?:Who|(?<=[:;] )who(?! has)) (?:${deeds})(?= \\S)(?! [^.?!${NOT_PROSE}]*\\?)`,
    exactCase: true,
    write: '"someone who …", "a client that …"',
    finds: [
      'Who leaves is taken off the list.',
      'Some stay. Who subscribes hears what is said.',
      'Two are spoken: who offers one of them is told which.',
    ],
    passes: [
      'Who has vouched for it on the way?',
      'Somebody who leaves is told.',
      '## Who listens\n\nA list.',
    ],
  },
  {
    name: 'mend',
    pattern: 'mend(?:s|ed|ing)?',
    write: '"fix", "repair"',
    finds: ['Mend the first error first.', 'the mended one'],
    passes: ['Fix the first error first.', 'We recommend it, and amend the page.', 'It is in `lab/mend.ts`.'],
  },
  {
    name: 'to be had',
    pattern: '(?:(?:to|can|cannot|could) be had|(?:is|are|was|were)(?: not)? had)',
    write: '"supported", "available"',
    finds: ['That is not to be had here.', 'What is had here is listed.', 'Others are not had here.'],
    passes: ['That is not supported here.', 'what the function had'],
  },
  {
    name: 'leave as permission',
    pattern: `(?:(?:${forPermission}) leave(?! (?:it|them|him|her|us|you|me|the|a|an|anything|something)\\b)|(?<!to )leave to (?:${actions}))`,
    write: '"permission", "may", "is allowed to"',
    finds: [
      'Nobody needs leave to list all stacks.',
      'by leave of the policy',
      'A handler has leave to post.',
      "It needs nobody else's leave.",
      'Leave to read a key is not leave to list.',
    ],
    passes: [
      'Nobody needs permission to list all stacks.',
      'Clients have to leave the room.',
      'What we leave to the reader',
      'Members who leave a room',
      'Functions leave nothing behind, and have left the room.',
      'What they have left to read',
    ],
  },
  {
    name: 'the gone',
    pattern: 'the gone(?! (?:client|connection|page|test|row|one|user|socket)s?)',
    write: '"clients that are no longer connected", "closed connections"',
    finds: ['Taking the gone off the list', 'Wherever the gone are on it.'],
    passes: ['The connection is gone.', 'the gone connection'],
  },
  {
    name: 'none the wiser',
    pattern: 'none the wiser',
    write: '"does not notice"',
    finds: ['The loop is none the wiser.'],
    passes: ['The loop does not notice.'],
  },
  {
    name: 'becomes of',
    pattern:
      '(?:(?:what(?:ever)?|which|nothing|something) (?:has |had |will |would )?(?:become|becomes|became)) of',
    write: '"what happens to", "what happened to", "how it ended"',
    finds: ['What becomes of the row?', 'says what became of each thing', 'whatever becomes of it'],
    passes: ['What happens to the row?', 'It becomes one of them.'],
  },
  {
    name: 'goes by',
    pattern: 'go(?:es|ing)? by(?<!(?:time|hours?|days?|minutes?|seconds?|weeks?|years?) go(?:es|ing)? by)',
    write: '"uses", "follows", "is decided by", "is named by"',
    finds: ['`hint` goes by what the last check saw.', 'Sessions go by real time.'],
    passes: ['The hint uses what the last check saw.', 'Then an hour went by; days go by.'],
  },
  {
    name: 'no longer its',
    pattern: 'no longer (?:its|theirs|his|hers)(?=[.,;:)]|$)',
    write: '"no longer held by …", "no longer belongs to …"',
    finds: ['undefined when any of it is no longer its.'],
    passes: ['It is no longer held.', 'It can no longer reach its queue, no longer its first choice'],
  },
  {
    name: 'of which that',
    pattern: 'of which (?:that|this|those|these|it|the name)(?: was| is| are| were)',
    write: 'two sentences, or "whose …"',
    finds: ['the password of which that was kept', 'By name or URL, of which the name is the end.'],
    passes: ['a list of which half is empty'],
  },
  {
    name: 'so it is with',
    pattern: '(?:so it is with|so (?:is|are|does|do|has|have) (?:who|what|which|those who))',
    write: '"The same holds for …"',
    finds: ['So it is with rows of nobody.', 'So is who turns out to be gone.'],
    passes: ['The same holds for rows that are stale.', 'So does the second one.'],
  },
  {
    name: 'mind its',
    pattern: 'mind (?:its|the|that|what|how)',
    write: '"set", "check", "note that", "be careful with"',
    finds: ['Mind its `identitySource`.'],
    passes: ['Set its `identitySource`.', 'Keep this in mind.'],
  },
  {
    name: 'helps who',
    pattern: '(?:help|helps|helped|matters? to|known to|told to|sent to) who(?= [a-z]+s\\b)',
    write: '"someone who", "a client that"',
    finds: ['being allowed `GetItem` does not help who scans'],
    passes: ['This helps people who scan.'],
  },
  {
    name: 'archaic',
    pattern: `(?:${archaic})`,
    write:
      'a plain word: "nothing", "early", "here", "why", "so that … not", "although", "while", "by which", "so"',
    finds: [
      'Write it down lest it be lost.',
      'Whilst it runs',
      'The role, and the policy thereof.',
      'nought',
    ],
    passes: ['While it runs', 'Therefore it waits.', 'Wherever they stand, whereas others are there.'],
  },
]

/** White space of which at most one piece is a line end: a phrase does not reach into the next paragraph. */
const gap = '(?:[^\\S\\n]*\\n[^\\S\\n]*|[^\\S\\n]+)'

const expressionOf = ({ pattern, exactCase }: Rule): RegExp =>
  new RegExp(`\\b(?:${pattern.replaceAll(' ', gap)})\\b`, exactCase ? 'gm' : 'gim')

const expressions = rules.map(rule => ({ rule, expression: expressionOf(rule) }))

/** A place in a text that a rule is about. */
export interface Hit {
  readonly rule: Rule
  readonly word: string
  readonly index: number
}

/** Every place in a text that some rule is about. */
export const hitsIn = (prose: string): Hit[] =>
  expressions.flatMap(({ rule, expression }) =>
    [...prose.matchAll(expression)]
      .filter(({ 0: word, index }) => !isName(prose, index, index + word.length))
      .map(({ 0: word, index }) => ({ rule, word: word.replace(/\s+/g, ' '), index })),
  )

/** `told-whoever`, `lab/mend.ts`, `mend(it)` and `mend=` are names. */
const isName = (prose: string, start: number, end: number): boolean =>
  /[\w/@$-]$|\w\.$/.test(prose.slice(Math.max(0, start - 2), start)) ||
  /^(?:[/=(-]|\.\w)/.test(prose.slice(end, end + 2))
