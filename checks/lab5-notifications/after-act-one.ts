/** Act two is about a service that works: until then a client hears nothing for another reason. */
export const afterActOne = [
  'waits-for-several',
  'everybody-waiting-hears',
  'bad-envelopes-are-answered',
  'the-gone-are-forgotten',
]
