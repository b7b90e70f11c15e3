/** Members as XML elements; a list is its items, one after another, which is what the Query protocol calls flattened. */
export const xml = (members: Readonly<Record<string, unknown>>): string =>
  Object.entries(members)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map(one => element(name, one)))
    .join('')

const element = (name: string, value: unknown): string =>
  value === undefined || value === null
    ? ''
    : `<${name}>${typeof value === 'object' ? xml(value as Record<string, unknown>) : escaped(String(value))}</${name}>`

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Bare, it would be read as a line feed. Other control characters SQS does not take.
  '\r': '&#xD;',
}

const escaped = (text: string) => text.replace(/[&<>"\r]/g, char => entities[char]!)
