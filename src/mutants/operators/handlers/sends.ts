import type { Node } from 'oxc-parser'
import { before, removed, removedStatement, replaced } from '../../edits.ts'
import type { Mutation, Operator } from '../../operator.ts'
import { bare, calledName, eventAround, functionAround, isIn, type Of, type Tree } from '../../tree.ts'

/** Statements that call something, with or without waiting for it. */
const calls = (tree: Tree): { node: Of<'ExpressionStatement'>; call: Of<'CallExpression'> }[] =>
  tree.all('ExpressionStatement').flatMap(node => {
    const call = bare(node.expression)
    return call.type === 'CallExpression' && functionAround(tree, node) ? [{ node, call }] : []
  })

/** `return post(…)`: what is returned is nobody's; the call is what matters. */
const lastCalls = (tree: Tree): { node: Of<'ReturnStatement'>; call: Of<'CallExpression'> }[] =>
  tree.all('ReturnStatement').flatMap(node => {
    const call = node.argument && bare(node.argument)
    return call?.type === 'CallExpression' ? [{ node, call }] : []
  })

export const skipCall: Operator = {
  name: 'skip-call',
  says: 'skips a send, a write or a line of the log',
  appliesTo: 'handler',
  find: tree => [
    ...calls(tree).map(({ node }): Mutation => [removedStatement(tree, node)]),
    ...lastCalls(tree).map(
      ({ node }): Mutation => [removed({ start: node.start + 'return'.length, end: node.end })],
    ),
  ],
}

/** Only what somebody hears. To write or to delete a row twice changes nothing. */
export const repeatSend: Operator = {
  name: 'repeat-send',
  says: 'sends the same again',
  appliesTo: 'handler',
  find: tree => [
    ...calls(tree)
      .filter(({ call }) => isHeard(tree, call))
      .map(({ node }): Mutation => [replaced(node, `{ ${tree.text(node)}; ${tree.text(node)} }`)]),
    ...lastCalls(tree)
      .filter(({ node, call }) => functionAround(tree, node)?.async && isHeard(tree, call))
      .map(
        ({ node, call }): Mutation => [replaced(node, `{ await ${tree.text(call)}; ${tree.text(node)} }`)],
      ),
  ],
}

const speaks = /^(post|publish|reply|respond|answer|tell|send|notify|broadcast|deliver)/i

function isHeard(tree: Tree, call: Of<'CallExpression'>): boolean {
  const command = call.arguments[0]
  if (calledName(call) === 'send' && command?.type === 'NewExpression')
    return /^(PostToConnection|Publish|SendMessage)Command$/.test(calledName(command) ?? '')
  return speaks.test(calledName(call) ?? '') || /^console\.(log|info)\b/.test(tree.text(call))
}

/** A loop ends after the first; a list is cut to its first. */
export const onlyFirst: Operator = {
  name: 'only-first',
  says: 'deals with the first one only',
  appliesTo: 'handler',
  find: tree => [
    ...tree
      .all('ForOfStatement')
      .filter(({ await: waits }) => !waits)
      .map(({ body }): Mutation => [replaced(body, `{ ${tree.text(body)}\nbreak }`)]),
    ...tree.all('CallExpression').flatMap((node): Mutation[] => {
      const { callee } = node
      const isMap = callee.type === 'MemberExpression' && /^(map|flatMap)$/.test(calledName(node) ?? '')
      return isMap && isForEffect(tree, node) ? [[before(callee.property, 'slice(0, 1).')]] : []
    }),
  ],
}

/** The list without the one who sent the event, and with nobody else. */
export const confuseSender: Operator = {
  name: 'confuse-sender',
  says: 'leaves out the one who spoke, or everybody else',
  appliesTo: 'handler',
  find: tree =>
    tree.all('CallExpression').flatMap((node): Mutation[] => {
      const { callee } = node
      if (callee.type !== 'MemberExpression' || calledName(node) !== 'map') return []
      if (!isForEffect(tree, node) || !eventAround(tree, node)) return []
      return ['!==', '==='].map(sign => [
        before(callee.property, `filter(one => one.connectionId ${sign} event.requestContext.connectionId).`),
      ])
    }),
}

/** The list is one of things to do: `Promise.all(list.map(…))`. */
const isForEffect = (tree: Tree, node: Node): boolean => {
  const call = tree.parent(node)
  return call?.type === 'CallExpression' && /^all/.test(calledName(call) ?? '')
}

/** The answer is yes, whatever happened. */
export const sayYes: Operator = {
  name: 'say-yes',
  says: 'answers yes where the answer is no',
  appliesTo: 'handler',
  find: tree => [
    ...tree.all('Property').flatMap((node): Mutation[] => {
      const { value } = node
      const isRefusal = value.type === 'Literal' && typeof value.value === 'number' && value.value >= 400
      return isRefusal && tree.text(node.key) === 'statusCode' ? [[replaced(value, '200')]] : []
    }),
    ...tree
      .all('ReturnStatement')
      .filter(({ argument }) => argument?.type === 'Literal' && argument.value === false)
      .map((node): Mutation => [replaced(node, 'return true')]),
    ...tree
      .all('ReturnStatement')
      .filter(
        node =>
          node.argument?.type === 'Literal' &&
          node.argument.value === true &&
          isIn(tree, node, 'TryStatement'),
      )
      .map((node): Mutation => [replaced(node, 'return false')]),
  ],
}
