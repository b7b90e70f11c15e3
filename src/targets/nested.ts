/** The type of a stack that is nested in another. Its physical id is its ARN. */
export const NESTED_STACK = 'AWS::CloudFormation::Stack'
