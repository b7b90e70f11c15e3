import { appended, replaced } from '../../edits.ts'
import type { Mutation, Operator } from '../../operator.ts'
import { calledName, nameOf, propertiesOf, type Tree } from '../../tree.ts'

/** The members of statements that are written out, as CDK or as IAM calls them. */
const members = (tree: Tree, names: RegExp) =>
  tree
    .all('ObjectExpression')
    .flatMap(propertiesOf)
    .filter(({ key, value }) => names.test(nameOf(key) ?? '') && value.type === 'ArrayExpression')

export const starAction: Operator = {
  name: 'star-action',
  says: 'allows every action',
  appliesTo: 'stack',
  find: tree =>
    members(tree, /^(actions|Action)$/).flatMap(({ value }): Mutation[] => {
      const service = /'(\w[\w-]*):/.exec(tree.text(value))?.[1]
      return [[replaced(value, "['*']")], ...(service ? [[replaced(value, `['${service}:*']`)]] : [])]
    }),
}

export const starResource: Operator = {
  name: 'star-resource',
  says: 'allows it on every resource',
  appliesTo: 'stack',
  find: tree => [
    ...members(tree, /^(resources|Resource)$/).map(({ value }): Mutation => [replaced(value, "['*']")]),
    ...tree
      .all('CallExpression')
      .filter(node => /^arnForExecuteApi/.test(calledName(node) ?? '') && node.arguments.length > 0)
      .flatMap(({ arguments: given, callee, end }): Mutation[] => [
        [replaced({ start: callee.end, end }, '()')],
        ...given.map((one): Mutation => [replaced(one, one.type === 'Literal' ? "'*'" : 'undefined')]),
      ]),
  ],
}

/** Everybody may do what one principal should. */
export const anybody: Operator = {
  name: 'anybody',
  says: 'lets anybody in who asks',
  appliesTo: 'stack',
  find: tree =>
    tree
      .all('NewExpression')
      .filter(node => /Principal$/.test(calledName(node) ?? ''))
      .map(node => [
        replaced(node, 'new Anybody()'),
        appended(tree, "import { AnyPrincipal as Anybody } from 'aws-cdk-lib/aws-iam'"),
      ]),
}

/** `{ conditions }` of a principal or a statement. */
export const dropCondition: Operator = {
  name: 'drop-condition',
  says: 'drops a condition',
  appliesTo: 'stack',
  find: tree =>
    tree
      .all('Property')
      .filter(({ key }) => /^(conditions|Condition)$/.test(nameOf(key) ?? ''))
      .map(node => [replaced(node, `${tree.text(node.key)}: {}`)]),
}
