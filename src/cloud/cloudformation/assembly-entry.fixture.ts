/** A handler for a `NodejsFunction` to bundle: it has to lie within the project. */
export const handler = async () => ({ statusCode: 200 })
