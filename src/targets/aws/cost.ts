/**
 * What an hour costs, in US dollars, in us-east-1 without any free tier: an estimate from the list prices of API Gateway
 * ($1 per million messages, $0.25 per million connection minutes: facts G12), Lambda, DynamoDB and the rest.
 */
const AN_HOUR = { usual: 0.014, busy: 0.07, worst: 0.52 }

/** What somebody should know before they agree. */
export const whatAnHourCosts = `An hour of a lab costs about $${AN_HOUR.usual}, a busy one $${AN_HOUR.busy}, and with a client that loops at the stages' throttle at most
$${AN_HOUR.worst}. That is an estimate from list prices; your bill is what AWS says.`

/** What something that has been up for a while has cost so far: `about $0.03`. */
export function costSoFar(ms: number): string {
  const dollars = (ms / 3_600_000) * AN_HOUR.usual
  return dollars < 0.01 ? 'less than $0.01' : `about $${dollars.toFixed(2)}`
}
