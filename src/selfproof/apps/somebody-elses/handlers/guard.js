exports.handler = async ({ headers, methodArn }) => {
  const [, who] = /(?:^|; )citizen=(\w+)/.exec(headers.Cookie) ?? []
  const Statement = [{ Action: 'execute-api:Invoke', Effect: who ? 'Allow' : 'Deny', Resource: methodArn }]
  return {
    principalId: who ?? 'nobody',
    policyDocument: { Version: '2012-10-17', Statement },
    context: { who },
  }
}
